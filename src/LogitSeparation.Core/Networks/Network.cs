using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>A trunk and a head in training, on a device, with their parameters.</summary>
internal sealed class Network : IDisposable
{
    /// <summary>The weight of the loss of an auxiliary head, as Szegedy et al. (2016) and torchvision's training have it.</summary>
    private const double AuxiliaryWeight = 0.4;

    private readonly Head? _auxiliaryHead;

    /// <summary>Builds a network with fresh weights.</summary>
    /// <param name="spec">Its kind and sizes.</param>
    /// <param name="seed">Decides the initial weights.</param>
    /// <param name="device">Where it lives.</param>
    /// <param name="type">Float32, or float64 where gradients are to be checked.</param>
    /// <param name="precision">How exactly the trunk's products are computed.</param>
    /// <param name="loss">The loss that it is trained with, for what trains along and what the head starts from; null for neither.</param>
    public Network(
        NetworkSpec spec, int seed, torch.Device device, torch.ScalarType type = torch.ScalarType.Float32,
        ProductPrecision precision = ProductPrecision.Full, Loss? loss = null)
    {
        Spec = spec;
        Device = device;
        Parameters = new(precision == ProductPrecision.BFloat16 ? new(torch.ScalarType.BFloat16) : null);
        Trunk = NetworkCatalog.CreateTrunk(spec, Parameters, seed);
        _auxiliaryHead = Head.CreateAuxiliary(Trunk, spec.ClassCount, Parameters, seed, loss?.InitialHeadBias ?? 0);
        Head = new(Trunk.FeatureCount, spec.ClassCount, Parameters, seed, loss?.InitialHeadBias ?? 0);
        foreach (var parameter in loss?.Parameters ?? [])
            parameter.AddTo(Parameters);
        try
        {
            Parameters.Allocate(device, type);
            foreach (var statistic in Trunk.Statistics)
                statistic.Allocate(device, type);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public NetworkSpec Spec { get; }

    public torch.Device Device { get; }

    public ParameterBuffer Parameters { get; }

    public Trunk Trunk { get; }

    public Head Head { get; }

    /// <summary>Whether the head is the only one, so that its rows can be trained one by one.</summary>
    public bool HasSingleHead => _auxiliaryHead is null;

    /// <summary>The logits of a training batch, and the share of the step's loss that is the loss of them: first the head's, with 1.</summary>
    /// <param name="input">m x (the input's shape).</param>
    public IReadOnlyList<NetworkOutput> Forward(torch.Tensor input)
    {
        var logits = new NetworkOutput(Head.Forward(Trunk.Forward(input)), 1);
        return _auxiliaryHead is null ? [logits] : [logits, new(_auxiliaryHead.Forward(Trunk.AuxiliaryFeatures!), AuxiliaryWeight)];
    }

    /// <summary>Gathers the gradients of the last batch, as <see cref="Trunk.Backward"/> says.</summary>
    /// <param name="gradients">The derivatives of the step's loss by each of the outputs.</param>
    /// <param name="beta">0 to 1.</param>
    public void Backward(IReadOnlyList<torch.Tensor> gradients, double beta)
    {
        var auxiliary = _auxiliaryHead?.Backward(gradients[1], beta);
        Trunk.Backward(Head.Backward(gradients[0], beta), beta, auxiliary);
    }

    /// <summary>A copy of the weights in ordinary memory, under their names in a saved model.</summary>
    public IReadOnlyDictionary<string, Weight> CopyWeights()
    {
        var weights = new SortedDictionary<string, Weight>(StringComparer.Ordinal);
        foreach (var (name, tensor) in NamedTensors)
        {
            using var scope = torch.NewDisposeScope();
            var onCpu = tensor.detach().cpu();
            weights.Add(name, new(Array.ConvertAll(tensor.shape, size => (int)size), onCpu.data<float>().ToArray()));
        }

        return weights;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Trunk.Dispose();
        Parameters.Dispose();
    }

    private IEnumerable<(string Name, torch.Tensor Value)> NamedTensors =>
        Parameters.Parameters.Select(parameter => (parameter.Name, parameter.Value)).Concat(Trunk.Statistics.Select(statistic => (statistic.Name, statistic.Value)));
}

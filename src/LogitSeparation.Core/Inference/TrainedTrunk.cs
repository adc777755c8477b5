using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Onnx;
using TorchSharp;

namespace LogitSeparation.Core.Inference;

/// <summary>A model's trunk on a device, without its head: what single-logit classification pays for once, whatever the number of classes.</summary>
internal sealed class TrainedTrunk : IDisposable
{
    private readonly ParameterBuffer _parameters = new();
    private readonly Model _model;
    private readonly torch.Device _device;
    private readonly Trunk _trunk;

    /// <summary>Puts a model's trunk on a device.</summary>
    /// <exception cref="SlcException"><c>ModelWeightMissing</c>, <c>ModelWeightShape</c>.</exception>
    public TrainedTrunk(Model model, torch.Device device)
    {
        (_model, _device) = (model, device);
        _trunk = NetworkCatalog.CreateTrunk(model.Network, _parameters, seed: 0);
        try
        {
            (MultiplyAddsPerExample, ParameterCount) = (_trunk.Layers.Sum(layer => layer.MultiplyAddCount), _trunk.Layers.Sum(layer => layer.ParameterCount));
            using var scope = torch.NewDisposeScope();
            using var noGrad = torch.no_grad();
            _parameters.AllocateValues(device, parameter => model.GetWeight(parameter.Name, parameter.Shape).Values);
            foreach (var statistic in _trunk.Statistics)
            {
                statistic.Allocate(device, torch.float32);
                var weight = model.GetWeight(statistic.Name, statistic.Shape);
                statistic.Value.copy_(torch.tensor(weight.Values.ToArray(), statistic.Value.shape));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The multiplications with an addition that one example takes.</summary>
    public long MultiplyAddsPerExample { get; }

    /// <summary>The number of its trained parameters.</summary>
    public long ParameterCount { get; }

    /// <summary>The multiplications with an addition that were done so far.</summary>
    public long MultiplyAddCount { get; private set; }

    /// <summary>How many examples should be sent through at once; see <see cref="Trunk.RowsOf"/>.</summary>
    public int RowsOf(int most) => _trunk.RowsOf(most);

    /// <summary>The features of examples: n x d.</summary>
    /// <param name="input">n x (the input's shape), float32.</param>
    public torch.Tensor Infer(torch.Tensor input)
    {
        MultiplyAddCount += input.shape[0] * MultiplyAddsPerExample;
        return _trunk.Infer(input);
    }

    /// <summary>The features of some examples: n x d.</summary>
    /// <param name="examples">The examples.</param>
    public torch.Tensor Infer(ExampleBlock examples) => Infer(examples.Raw.Span, examples.Type);

    /// <summary>The features of some examples: n x d.</summary>
    /// <param name="raw">n examples' numbers as they lie in memory.</param>
    /// <param name="type">What the numbers are.</param>
    public torch.Tensor Infer(ReadOnlySpan<byte> raw, ExampleType type) =>
        Infer(InputTensor.FromMemory(raw, type, _model.Network.InputLength, _model.Scaling, _device));

    /// <summary>Adds the trunk to a graph; see <see cref="Trunk.AddTo"/>.</summary>
    public string AddTo(OnnxGraph graph, string input) => _trunk.AddTo(graph, input);

    /// <inheritdoc/>
    public void Dispose()
    {
        _trunk.Dispose();
        _parameters.Dispose();
    }
}

using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>A model's trunk on a device, without its head: what single-logit classification pays for once, whatever the number of classes.</summary>
internal sealed class TrainedTrunk : IDisposable
{
    private readonly ParameterBuffer _parameters = new();
    private readonly Trunk _trunk;

    /// <summary>Puts a model's trunk on a device.</summary>
    /// <exception cref="SlcException"><c>ModelWeightMissing</c>, <c>ModelWeightShape</c>.</exception>
    public TrainedTrunk(Model model, torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        _trunk = NetworkCatalog.CreateTrunk(model.Network, _parameters, seed: 0);
        _parameters.Allocate(device);
        _trunk.Allocate();
        try
        {
            var statistics = _trunk.Statistics;
            foreach (var (name, target) in _parameters.Parameters.Select(parameter => (parameter.Name, parameter.Value)).Concat(statistics))
                Fill(target, name, model);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The features of examples: n x d.</summary>
    /// <param name="input">n x (the input's shape), float32.</param>
    public torch.Tensor Infer(torch.Tensor input) => _trunk.Infer(input);

    /// <inheritdoc/>
    public void Dispose()
    {
        _trunk.Dispose();
        _parameters.Dispose();
    }

    private static void Fill(torch.Tensor target, string name, Model model)
    {
        var weight = model.GetWeight(name, Array.ConvertAll(target.shape, size => (int)size));
        target.copy_(torch.tensor(weight.Values.ToArray(), target.shape, device: target.device));
    }
}

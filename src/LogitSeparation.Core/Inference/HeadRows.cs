using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Inference;

/// <summary>Some rows of a model's head on a device: the logits of those classes cost nothing for the others.</summary>
internal sealed class HeadRows : IDisposable
{
    private readonly torch.Tensor _weight;
    private readonly torch.Tensor _bias;

    /// <summary>Puts rows on a device.</summary>
    /// <param name="model">The model.</param>
    /// <param name="first">The first class's index.</param>
    /// <param name="count">The number of consecutive classes.</param>
    /// <param name="device">Where to.</param>
    /// <exception cref="SlcException"><c>ModelWeightMissing</c>, <c>ModelWeightShape</c>, <c>OutOfMemory</c>, <c>TorchFailed</c>.</exception>
    public HeadRows(Model model, int first, int count, torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        var (k, d) = (model.Network.ClassCount, model.FeatureCount);
        var weight = model.GetWeight("head.weight", [k, d]).Values.Slice(first * d, count * d);
        var bias = model.GetWeight("head.bias", [k]).Values.Slice(first, count);

        // Both leave the scope when both are there, so that none stays where the other fails.
        (_weight, _bias) = TorchFailure.Guard(
            device.ToString(), () => (torch.tensor(weight.ToArray(), count, d, device: device), torch.tensor(bias.ToArray(), device: device)));
        scope.Detach(_weight, _bias);
    }

    /// <summary>How many examples should be sent through at once, so that their logits take no more than 64 MiB.</summary>
    /// <param name="most">The number for few classes.</param>
    public int RowsOf(int most) => BlockRows.Within(most, _bias.shape[0]);

    /// <summary>The logits of these classes: n x count.</summary>
    /// <param name="features">n x d.</param>
    public torch.Tensor Infer(torch.Tensor features) => torch.addmm(_bias, features, _weight.t(), 1, 1);

    /// <inheritdoc/>
    public void Dispose()
    {
        _weight.Dispose();
        _bias.Dispose();
    }
}

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
    /// <param name="classes">The classes' indices; null for all.</param>
    /// <param name="device">Where to.</param>
    /// <exception cref="SlcException"><c>ModelWeightMissing</c>, <c>ModelWeightShape</c>, <c>OutOfMemory</c>, <c>TorchFailed</c>.</exception>
    public HeadRows(Model model, IReadOnlyList<int>? classes, torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        var (k, d) = (model.Network.ClassCount, model.FeatureCount);
        var (weight, bias) = (Rows(model.GetWeight("head.weight", [k, d]).Values, d, classes), Rows(model.GetWeight("head.bias", [k]).Values, 1, classes));
        var count = bias.Length;

        // Both leave the scope when both are there, so that none stays where the other fails.
        (_weight, _bias) = TorchFailure.Guard(
            device.ToString(), () => (torch.tensor(weight, count, d, device: device), torch.tensor(bias, device: device)));
        scope.Detach(_weight, _bias);
    }

    /// <summary>How many examples should be sent through at once, so that their logits take no more than 64 MiB.</summary>
    /// <param name="most">The number for few classes.</param>
    public int RowsOf(int most) => BlockRows.Within(most, _bias.shape[0]);

    /// <summary>The logits of these classes: n x count.</summary>
    /// <param name="features">n x d.</param>
    public torch.Tensor Infer(torch.Tensor features)
    {
        MultiplyAddCount += features.shape[0] * _weight.numel();
        return torch.addmm(_bias, features, _weight.t(), 1, 1);
    }

    /// <summary>The multiplications with an addition that were done so far: those of the tables that were in fact multiplied.</summary>
    public long MultiplyAddCount { get; private set; }

    private static float[] Rows(ReadOnlyMemory<float> values, int width, IReadOnlyList<int>? classes)
    {
        if (classes is null)
            return values.ToArray();
        var rows = new float[classes.Count * width];
        for (var i = 0; i < classes.Count; i++)
            values.Span.Slice(classes[i] * width, width).CopyTo(rows.AsSpan(i * width));
        return rows;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weight.Dispose();
        _bias.Dispose();
    }
}

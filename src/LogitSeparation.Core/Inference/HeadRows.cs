using System.Runtime.InteropServices;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Inference;

/// <summary>
/// Some rows of a model's head on a device: the logits of those classes cost nothing for the others. A few rows on the CPU are a
/// <see cref="RowTable"/>: a product of tables would cost more to call than to compute there.
/// </summary>
internal sealed class HeadRows : IDisposable
{
    /// <summary>From here on a product of tables, which uses each example's features for several rows, is the faster one.</summary>
    private const int MostByRow = 8;

    private readonly RowTable? _rows;
    private readonly torch.Tensor? _weight;
    private readonly torch.Tensor? _bias;
    private readonly int _count;
    private long _multiplyAddCount;

    /// <summary>Puts rows on a device.</summary>
    /// <param name="model">The model.</param>
    /// <param name="classes">The classes' indices; null for all.</param>
    /// <param name="device">Where to.</param>
    /// <exception cref="SlcException"><c>ModelWeightMissing</c>, <c>ModelWeightShape</c>, <c>OutOfMemory</c>, <c>TorchFailed</c>.</exception>
    public HeadRows(Model model, IReadOnlyList<int>? classes, torch.Device device)
    {
        var (k, d) = (model.Network.ClassCount, model.FeatureCount);
        _count = classes?.Count ?? k;
        if (classes is { Count: <= MostByRow } && device.type == DeviceType.CPU)
        {
            _rows = TakeRows(model, classes, isApart: false);
            return;
        }

        using var scope = torch.NewDisposeScope();
        var (weight, bias) = (Rows(model.GetWeight("head.weight", [k, d]).Values, d, classes), Rows(model.GetWeight("head.bias", [k]).Values, 1, classes));

        // Both leave the scope when both are there, so that none stays where the other fails.
        (_weight, _bias) = TorchFailure.Guard(
            device.ToString(), () => (torch.tensor(weight, _count, d, device: device), torch.tensor(bias, device: device)));
        scope.Detach(_weight, _bias);
    }

    /// <summary>How many examples should be sent through at once, so that their logits take no more than 64 MiB.</summary>
    /// <param name="most">The number for few classes.</param>
    public int RowsOf(int most) => BlockRows.Within(most, _count);

    /// <summary>The logits of these classes: n x count, row after row.</summary>
    /// <param name="features">n x d.</param>
    public unsafe float[] Compute(torch.Tensor features)
    {
        var n = (int)features.shape[0];
        if (_rows is null)
        {
            _multiplyAddCount += n * _weight!.numel();
            return torch.addmm(_bias!, features, _weight.t(), 1, 1).cpu().data<float>().ToArray();
        }

        var numbers = MemoryMarshal.Cast<byte, float>(features.to(torch.float32).contiguous().bytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(numbers.Length, n * _rows.Width);
        var logits = new float[n * _count];
        fixed (float* first = numbers)
            _rows.Compute(0, _count, new(first, _rows.Width, n), logits);
        return logits;
    }

    /// <summary>The multiplications with an addition that were done so far: those of the tables that were in fact multiplied.</summary>
    public long MultiplyAddCount => _multiplyAddCount + (_rows?.MultiplyAddCount ?? 0);

    /// <summary>Rows of a model's head in ordinary memory.</summary>
    /// <param name="model">The model.</param>
    /// <param name="classes">The classes' indices; null for all.</param>
    /// <param name="isApart">See <see cref="RowTable"/>.</param>
    /// <exception cref="SlcException"><c>ModelWeightMissing</c>, <c>ModelWeightShape</c>, <c>OutOfMemory</c>.</exception>
    public static RowTable TakeRows(Model model, IReadOnlyList<int>? classes, bool isApart)
    {
        var (k, d) = (model.Network.ClassCount, model.FeatureCount);
        var weight = model.GetWeight("head.weight", [k, d]).Values.Span;
        var bias = model.GetWeight("head.bias", [k]).Values.Span;
        var rows = new RowTable(classes?.Count ?? k, d, isApart);
        for (var i = 0; i < rows.Count; i++)
        {
            var j = classes?[i] ?? i;
            weight.Slice(j * d, d).CopyTo(rows.Weights(i));
            rows.Bias(i) = bias[j];
        }

        return rows;
    }

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
        _rows?.Dispose();
        _weight?.Dispose();
        _bias?.Dispose();
    }
}

using System.Runtime.InteropServices;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>One row of a batch: its logits, its class, and where the derivatives by its logits go (uninitialised).</summary>
/// <param name="row">From 0.</param>
/// <param name="logits">k logits.</param>
/// <param name="label">The true class.</param>
/// <param name="gradient">k numbers.</param>
internal delegate double RowFunction(int row, ReadOnlySpan<float> logits, int label, Span<float> gradient);

/// <summary>
/// A batch of float32 logits in the memory of the CPU, gone through row by row: small batches would spend their time in the
/// calls of some twenty tensor operations, and large ones in sending the whole table through memory for each.
/// </summary>
internal sealed class RowBatch
{
    /// <summary>The smallest number of logits that is worth a second thread.</summary>
    private const int ParallelThreshold = 1 << 14;

    private readonly torch.Tensor _logits;
    private readonly torch.Tensor _labels;

    /// <summary>Takes a batch that <see cref="Accepts"/> says can be gone through by rows.</summary>
    public RowBatch(torch.Tensor logits, torch.Tensor labels)
    {
        _logits = logits.contiguous();
        _labels = labels.contiguous();
        (Count, ClassCount) = ((int)logits.shape[0], (int)logits.shape[1]);
        Gradient = torch.empty(logits.shape);
    }

    /// <summary>The number of rows, m.</summary>
    public int Count { get; }

    /// <summary>The number of logits of a row, k.</summary>
    public int ClassCount { get; }

    /// <summary>The class of each row.</summary>
    public ReadOnlySpan<long> Labels => MemoryMarshal.Cast<byte, long>(_labels.bytes);

    /// <summary>m x k.</summary>
    public torch.Tensor Gradient { get; }

    /// <summary>The derivatives by the loss's own parameters, one after the other; null where it has none.</summary>
    public double[]? Own { get; set; }

    /// <summary>Whether logits can be gone through by rows: float32, on the CPU, and no more than a span can hold.</summary>
    public static bool Accepts(torch.Tensor logits) =>
        logits.dtype == torch.ScalarType.Float32 && AcceptsFloat32(logits.device_type, logits.numel());

    /// <summary>The same of float32 logits, by their device and number.</summary>
    public static bool AcceptsFloat32(DeviceType device, long count) => device == DeviceType.CPU && count <= int.MaxValue / sizeof(float);

    /// <summary>The function of each row, in parallel where that pays. The result does not depend on the number of threads.</summary>
    public double[] Evaluate(RowFunction function)
    {
        var values = new double[Count];
        var parts = (long)Count * ClassCount < ParallelThreshold ? 1 : Math.Min(torch.get_num_threads(), Count);
        if (parts == 1)
            EvaluatePart(function, values, 0, Count);
        else
            Parallel.For(0, parts, part => EvaluatePart(function, values, Start(part), Start(part + 1)));
        return values;

        int Start(int part) => (int)((long)Count * part / parts);
    }

    /// <summary>The mean over the rows of a function of each.</summary>
    public double Mean(RowFunction function) => Mean(Evaluate(function));

    /// <summary>The mean of one number a row, added in their order.</summary>
    public static double Mean(double[] values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum / values.Length;
    }

    private void EvaluatePart(RowFunction function, double[] values, int first, int end)
    {
        ReadOnlySpan<float> logits = MemoryMarshal.Cast<byte, float>(_logits.bytes);
        ReadOnlySpan<long> labels = MemoryMarshal.Cast<byte, long>(_labels.bytes);
        var gradient = MemoryMarshal.Cast<byte, float>(Gradient.bytes);
        for (var row = first; row < end; row++)
        {
            var at = row * ClassCount;
            values[row] = function(row, logits.Slice(at, ClassCount), (int)labels[row], gradient.Slice(at, ClassCount));
        }
    }
}

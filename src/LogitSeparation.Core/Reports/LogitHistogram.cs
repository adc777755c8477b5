using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.Core.Reports;

/// <summary>
/// How the true and the false logits of one class, or of all, are spread: equal bins over the range of both. Two passes over the
/// table; infinities are counted in the outermost bins.
/// </summary>
internal sealed class LogitHistogram
{
    private const int BinCount = 120;
    private const int BlockLength = 1 << 20;

    private readonly long[] _true = new long[BinCount];
    private readonly long[] _false = new long[BinCount];

    private LogitHistogram(double from, double to)
    {
        From = from;
        BinWidth = (to - from) / BinCount;
    }

    /// <summary>Where the first bin starts.</summary>
    public double From { get; }

    /// <summary>The width of a bin.</summary>
    public double BinWidth { get; }

    /// <summary>The smallest true logit; positive infinity where there is none.</summary>
    public double MinTrue { get; private init; }

    /// <summary>The largest false logit; negative infinity where there is none.</summary>
    public double MaxFalse { get; private init; }

    /// <summary>The counts of true logits by bin.</summary>
    public IReadOnlyList<long> TrueCounts => _true;

    /// <summary>The counts of false logits by bin.</summary>
    public IReadOnlyList<long> FalseCounts => _false;

    /// <summary>Counts.</summary>
    /// <param name="logits">The table.</param>
    /// <param name="classIndex">A column; null for all.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static LogitHistogram Count(Logits logits, int? classIndex, CancellationToken cancellationToken)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity, minTrue = low, maxFalse = high;
        ForEach(logits, classIndex, (z, isTrue) =>
        {
            if (double.IsFinite(z))
                (low, high) = (Math.Min(low, z), Math.Max(high, z));
            if (isTrue)
                minTrue = Math.Min(minTrue, z);
            else
                maxFalse = Math.Max(maxFalse, z);
        }, cancellationToken);
        if (!double.IsFinite(low))
            (low, high) = (0, 0);
        if (low == high)
            (low, high) = (low - 0.5, high + 0.5);
        var histogram = new LogitHistogram(low, high) { MinTrue = minTrue, MaxFalse = maxFalse };
        ForEach(logits, classIndex, histogram.Add, cancellationToken);
        return histogram;
    }

    private void Add(double z, bool isTrue)
    {
        var bin = (int)Math.Clamp((z - From) / BinWidth, 0, BinCount - 1);
        (isTrue ? _true : _false)[bin]++;
    }

    private static void ForEach(Logits logits, int? classIndex, Action<double, bool> use, CancellationToken cancellationToken)
    {
        if (logits.IsDouble)
            ForEach<double>(logits, classIndex, z => z, use, cancellationToken);
        else
            ForEach<float>(logits, classIndex, z => z, use, cancellationToken);
    }

    private static void ForEach<T>(
        Logits logits, int? classIndex, Func<T, double> widen, Action<double, bool> use, CancellationToken cancellationToken)
        where T : unmanaged
    {
        var k = logits.ClassCount;
        var (first, last) = classIndex is { } only ? (only, only) : (0, k - 1);
        foreach (var block in RowBlocks.Of<T>(logits, BlockLength))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var values = block.Values.Span;
            var labels = logits.Labels.Span.Slice(block.FirstRow, block.RowCount);
            for (var row = 0; row < block.RowCount; row++)
            {
                for (var j = first; j <= last; j++)
                    use(Checked(widen(values[row * k + j]), block.FirstRow + row, j), labels[row] == j);
            }
        }
    }

    private static double Checked(double z, int example, int j) => double.IsNaN(z)
        ? throw new SlcException("NaNLogit", SlcErrorKind.InvalidData,
            $"The logit of example {example} for class {j} is NaN, which has no place on an axis. Leave the example out.", example)
        : z;
}

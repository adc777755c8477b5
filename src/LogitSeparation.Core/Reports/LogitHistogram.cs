using System.Numerics;
using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.Core.Reports;

/// <summary>
/// How the true and the false logits of one class, or of all, are spread: equal bins over the range of both. Two passes over the
/// table, in parallel; infinities are in no bin, and counted apart.
/// </summary>
internal sealed class LogitHistogram
{
    private const int FewestBins = 20;
    private const int MostBins = 120;
    private const int BlockLength = 1 << 22;

    /// <summary>Fewer rows than this are not worth a thread.</summary>
    private const int FewestRows = 256;

    private readonly long[] _true;
    private readonly long[] _false;

    private LogitHistogram(LogitRange range, int trueCount)
    {
        // The bins that a distribution can be told in grow with the cube root of the number of examples.
        BinCount = Math.Clamp((int)(5 * Math.Cbrt(trueCount)), FewestBins, MostBins);
        (_true, _false) = (new long[BinCount], new long[BinCount]);
        (From, BinWidth) = (range.Low, range.High / BinCount - range.Low / BinCount);
        (MinTrue, MaxFalse) = (range.MinTrue, range.MaxFalse);
    }

    /// <summary>The number of bins: fewer for few true logits.</summary>
    public int BinCount { get; }

    /// <summary>Where the first bin starts.</summary>
    public double From { get; }

    /// <summary>The width of a bin.</summary>
    public double BinWidth { get; }

    /// <summary>Where a bin starts, and the one before it ends.</summary>
    /// <param name="bin">0 … <see cref="BinCount"/>.</param>
    public double Edge(int bin) => 2 * (From / 2 + bin * (BinWidth / 2));

    /// <summary>The smallest true logit; positive infinity where there is none.</summary>
    public double MinTrue { get; }

    /// <summary>The largest false logit; negative infinity where there is none.</summary>
    public double MaxFalse { get; }

    /// <summary>The counts of true logits by bin.</summary>
    public IReadOnlyList<long> TrueCounts => _true;

    /// <summary>The counts of false logits by bin.</summary>
    public IReadOnlyList<long> FalseCounts => _false;

    /// <summary>The number of true logits that are infinite.</summary>
    public long InfiniteTrue { get; private set; }

    /// <summary>The number of false logits that are infinite.</summary>
    public long InfiniteFalse { get; private set; }

    /// <summary>Counts.</summary>
    /// <param name="logits">The table.</param>
    /// <param name="classIndex">A column; null for all.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SlcException"><c>NaNLogit</c>.</exception>
    public static LogitHistogram Count(Logits logits, int? classIndex, CancellationToken cancellationToken) => logits.IsDouble
        ? Count<double>(logits, classIndex, cancellationToken)
        : Count<float>(logits, classIndex, cancellationToken);

    private static LogitHistogram Count<T>(Logits logits, int? classIndex, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var range = LogitRange.Nothing;
        var gate = new object();
        ForEachPart<T>(logits, (values, labels) =>
        {
            var part = LogitRange.Of(values, labels, logits.ClassCount, classIndex, out var wrong);
            if (wrong is { } place)
                return place;
            lock (gate)
                range = range.And(part);
            return null;
        }, cancellationToken);
        var labels = logits.Labels.Span;
        var trueCount = classIndex is { } j ? labels.Count(j) : labels.Length;
        var histogram = new LogitHistogram(range.Widened(), trueCount);
        ForEachPart<T>(logits, (values, labels) =>
        {
            var part = histogram.CountPart(values, labels, logits.ClassCount, classIndex);
            lock (gate)
                histogram.Add(part);
            return null;
        }, cancellationToken);
        return histogram;
    }

    /// <returns>The first NaN of the part; null where there is none.</returns>
    private delegate (int Row, int Column)? Part<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> labels);

    private static void ForEachPart<T>(Logits logits, Part<T> use, CancellationToken cancellationToken)
        where T : unmanaged
    {
        var k = logits.ClassCount;
        foreach (var block in RowBlocks.Of<T>(logits, BlockLength))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var failed = Partition.FirstFailure(block.RowCount * k, FewestRows * k, (from, to) =>
            {
                // Parts begin within rows: a row belongs to the part that it begins in.
                var (first, last) = ((from + k - 1) / k, (to + k - 1) / k);
                var labels = logits.Labels.Span.Slice(block.FirstRow + first, last - first);
                return use(block.Values.Span.Slice(first * k, labels.Length * k), labels) is { } place ? (first + place.Row) * k + place.Column : null;
            });
            if (failed is { } cell)
                throw LogitErrors.NaN(logits, block.FirstRow + cell / k, cell % k);
        }
    }

    /// <returns>The counts of all logits, the last that of infinities, and then of the true ones.</returns>
    private long[] CountPart<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> labels, int k, int? classIndex)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var counts = new long[2 * (BinCount + 1)];
        for (var row = 0; row < labels.Length; row++)
        {
            var z = classIndex is { } j ? values.Slice(row * k + j, 1) : values.Slice(row * k, k);
            foreach (var logit in z)
                counts[Bin(double.CreateTruncating(logit))]++;
            if (classIndex is null || classIndex == labels[row])
                counts[BinCount + 1 + Bin(double.CreateTruncating(values[row * k + labels[row]]))]++;
        }

        return counts;
    }

    // The whole range may be too wide for a number, and its half is not.
    private int Bin(double z) => double.IsInfinity(z) ? BinCount : (int)Math.Clamp((z / 2 - From / 2) / BinWidth * 2, 0, BinCount - 1);

    private void Add(long[] part)
    {
        for (var bin = 0; bin < BinCount; bin++)
        {
            _true[bin] += part[BinCount + 1 + bin];
            _false[bin] += part[bin] - part[BinCount + 1 + bin];
        }

        InfiniteTrue += part[^1];
        InfiniteFalse += part[BinCount] - part[^1];
    }
}

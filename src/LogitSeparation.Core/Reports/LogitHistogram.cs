using System.Numerics;
using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.Core.Reports;

/// <summary>
/// How the true and the false logits of one class, or of all, are spread: equal bins over the range of both. Two passes over the
/// table, in parallel; infinities are counted in the outermost bins.
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
        (From, BinWidth) = (range.Low, (range.High - range.Low) / BinCount);
        (MinTrue, MaxFalse) = (range.MinTrue, range.MaxFalse);
    }

    /// <summary>The number of bins: fewer for few true logits.</summary>
    public int BinCount { get; }

    /// <summary>Where the first bin starts.</summary>
    public double From { get; }

    /// <summary>The width of a bin.</summary>
    public double BinWidth { get; }

    /// <summary>The smallest true logit; positive infinity where there is none.</summary>
    public double MinTrue { get; }

    /// <summary>The largest false logit; negative infinity where there is none.</summary>
    public double MaxFalse { get; }

    /// <summary>The counts of true logits by bin.</summary>
    public IReadOnlyList<long> TrueCounts => _true;

    /// <summary>The counts of false logits by bin.</summary>
    public IReadOnlyList<long> FalseCounts => _false;

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
        ForEachPart<T>(logits, (values, labels, firstExample) =>
        {
            var part = LogitRange.Of(values, labels, logits.ClassCount, classIndex, out var wrong);
            if (wrong is { } place)
                throw LogitErrors.NaN(logits, firstExample + place.Row, place.Column);
            lock (gate)
                range = range.And(part);
        }, cancellationToken);
        var labels = logits.Labels.Span;
        var trueCount = classIndex is { } j ? labels.Count(j) : labels.Length;
        var histogram = new LogitHistogram(range.Widened(), trueCount);
        ForEachPart<T>(logits, (values, labels, _) =>
        {
            var part = histogram.CountPart(values, labels, logits.ClassCount, classIndex);
            lock (gate)
                histogram.Add(part);
        }, cancellationToken);
        return histogram;
    }

    private delegate void Part<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> labels, int firstExample);

    private static void ForEachPart<T>(Logits logits, Part<T> use, CancellationToken cancellationToken)
        where T : unmanaged
    {
        var k = logits.ClassCount;
        foreach (var block in RowBlocks.Of<T>(logits, BlockLength))
        {
            cancellationToken.ThrowIfCancellationRequested();
            SlcException? failure = null;
            Partition.ForEach(block.RowCount, FewestRows, (from, to) =>
            {
                try
                {
                    var labels = logits.Labels.Span.Slice(block.FirstRow + from, to - from);
                    use(block.Values.Span.Slice(from * k, labels.Length * k), labels, block.FirstRow + from);
                }
                catch (SlcException error)
                {
                    failure = error;
                }
            });
            if (failure is not null)
                throw failure;
        }
    }

    /// <returns>The counts of all logits, and then of the true ones.</returns>
    private long[] CountPart<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> labels, int k, int? classIndex)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var counts = new long[2 * BinCount];
        for (var row = 0; row < labels.Length; row++)
        {
            var z = classIndex is { } j ? values.Slice(row * k + j, 1) : values.Slice(row * k, k);
            foreach (var logit in z)
                counts[Bin(double.CreateTruncating(logit))]++;
            if (classIndex is null || classIndex == labels[row])
                counts[BinCount + Bin(double.CreateTruncating(values[row * k + labels[row]]))]++;
        }

        return counts;
    }

    private int Bin(double z) => (int)Math.Clamp((z - From) / BinWidth, 0, BinCount - 1);

    private void Add(long[] part)
    {
        for (var bin = 0; bin < BinCount; bin++)
        {
            _true[bin] += part[BinCount + bin];
            _false[bin] += part[bin] - part[BinCount + bin];
        }
    }
}

using System.Collections.Concurrent;
using System.Numerics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// One pass over the memory of a table, in parallel, for all that is measured on it: each group of rows is looked at several
/// times, but leaves the cache only once. What threads count are whole numbers, and what they collect has a total order, so the
/// result is the same to the last bit whatever the number of threads.
/// </summary>
internal sealed class TableScan<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Groups of about 1 MiB of float32 logits: large enough that a class's bins, once in the cache, serve many rows.</summary>
    private const int GroupLength = 1 << 18;

    /// <summary>The number of groups that a table read from elsewhere is read in at once.</summary>
    private const int BlockLength = 1 << 22;

    private readonly Logits _logits;
    private readonly Func<Collector> _create;
    private readonly ConcurrentBag<Collector> _idle = [];

    private TableScan(Logits logits, Func<Collector> create)
    {
        _logits = logits;
        _create = create;
        Rows = new RowFindings<T>(logits.Count);
    }

    /// <summary>What is found row by row.</summary>
    public RowFindings<T> Rows { get; }

    /// <summary>The counts of negatives between positives; null where they were not asked for.</summary>
    public GapCounts<T>? Gaps { get; private set; }

    /// <summary>What is found among the scores over all logits; null where they were not asked for.</summary>
    public ScoreScan? Scores { get; private set; }

    /// <summary>The pairs that violate separation; null where they were not asked for.</summary>
    public Violations<T>? Violations { get; private set; }

    /// <summary>Scans a table.</summary>
    /// <param name="logits">At least one example and one class.</param>
    /// <param name="positives">Its positives, to count its negatives between them; or null.</param>
    /// <param name="trueLogits">Its true logits, to count the pairs that violate separation; or null.</param>
    /// <param name="scores">Scans its scores over all logits; or null.</param>
    /// <param name="witnessCount">How many of the pairs to keep.</param>
    /// <param name="cancellationToken">Stops the work between groups.</param>
    /// <exception cref="SlcException"><c>NaNLogit</c>.</exception>
    public static TableScan<T> Over(
        Logits logits,
        ClassPositives<T>? positives,
        SortedLogits<T>? trueLogits,
        Func<ScoreScan>? scores,
        int witnessCount,
        CancellationToken cancellationToken)
    {
        var index = positives is null ? null : new PositiveIndex<T>(positives);
        var scan = new TableScan<T>(logits, () => new Collector(
            index is null ? null : new GapCounts<T>(positives!, index),
            trueLogits is null ? null : new Violations<T>(trueLogits, witnessCount),
            scores?.Invoke()));
        // A table in memory is one block: threads need not wait for each other.
        foreach (var block in RowBlocks.Of<T>(logits, logits is MemoryLogits ? int.MaxValue : BlockLength))
            scan.Add(block, cancellationToken);
        scan.Merge();
        return scan;
    }

    /// <summary>What one thread at a time collects into, in memory of its own.</summary>
    private sealed record Collector(GapCounts<T>? Gaps, Violations<T>? Violations, ScoreScan? Scores);

    private void Add(RowBlock<T> block, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var k = _logits.ClassCount;
        var groupRows = Math.Max(1, GroupLength / k);
        var failed = Partition.FirstFailure(block.RowCount, groupRows, (from, to) =>
        {
            var collector = _idle.TryTake(out var idle) ? idle : _create();
            int? failure = null;
            for (var row = from; row < to && failure is null && !cancellationToken.IsCancellationRequested; row += groupRows)
                failure = Add(block, row, Math.Min(groupRows, to - row), collector);
            _idle.Add(collector);
            return failure;
        });
        cancellationToken.ThrowIfCancellationRequested();
        if (failed is not null)
            throw LogitErrors.FirstNaN<T>(_logits);
    }

    /// <returns>A row that holds a NaN, or null.</returns>
    private int? Add(RowBlock<T> block, int row, int count, Collector collector)
    {
        var k = _logits.ClassCount;
        var example = block.FirstRow + row;
        var rows = new RowGroup<T>(example, k, block.Values.Span.Slice(row * k, count * k), _logits.Labels.Span.Slice(example, count));
        if (Rows.Add(rows) is { } failed)
            return row + failed;
        collector.Gaps?.Add(rows);
        collector.Violations?.Add(rows, Rows.LargestFalse.AsSpan(example, count));
        collector.Scores?.Add(rows);
        return null;
    }

    private void Merge()
    {
        var merged = _idle.TryTake(out var first) ? first : _create();
        while (_idle.TryTake(out var other))
        {
            merged.Gaps?.Add(other.Gaps!);
            merged.Violations?.Add(other.Violations!);
            merged.Scores?.Add(other.Scores!);
        }

        merged.Gaps?.Complete(_logits.Count);
        merged.Scores?.Gaps.Complete(_logits.Count);
        (Gaps, Violations, Scores) = (merged.Gaps, merged.Violations, merged.Scores);
    }
}

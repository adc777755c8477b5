using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.Core.Thresholds;

/// <summary>
/// The logits of all classes together, n true ones and n (k - 1) others, of which only the true ones are kept: of the others the number and
/// the largest between two true ones is all that a threshold depends on. O(n) memory, one pass after that of the true ones.
/// </summary>
internal sealed class PooledScores
{
    private const int BlockLength = 1 << 20;

    private readonly double[] _true;
    private readonly long[] _equalTrue;
    private readonly long[] _falseCounts;
    private readonly double[] _largestBelow;
    private double _largest;

    private PooledScores(double[] trueLogits)
    {
        var sorted = (double[])trueLogits.Clone();
        Array.Sort(sorted);
        Array.Reverse(sorted);
        _true = [.. sorted.Distinct()];
        _equalTrue = new long[_true.Length];
        for (var (i, j) = (0, 0); i < sorted.Length; i++)
        {
            j += sorted[i] == _true[j] ? 0 : 1;
            _equalTrue[j]++;
        }

        _largest = _true[0];
        _falseCounts = new long[_true.Length + 1];
        _largestBelow = new double[_true.Length];
        Array.Fill(_largestBelow, double.NegativeInfinity);
    }

    /// <summary>Reads a table.</summary>
    /// <param name="logits">n x k.</param>
    /// <param name="cancellation">Looked at before each block.</param>
    /// <exception cref="SlcException"><c>NaNLogit</c>.</exception>
    public static PooledScores Read(Logits logits, CancellationToken cancellation) =>
        logits.IsDouble ? Read<double>(logits, z => z, cancellation) : Read<float>(logits, z => z, cancellation);

    /// <summary>The number of true logits, n.</summary>
    public long Positives => _equalTrue.Sum();

    /// <summary>The number of all logits, n k.</summary>
    public long Count => Positives + _falseCounts.Sum();

    /// <summary>All thresholds below a true logit, which no other is better than, from the one that selects nothing down.</summary>
    /// <param name="prevalence">The share that true ones are to have; null for 1/k.</param>
    public IEnumerable<ThresholdCandidate> Candidates(double? prevalence)
    {
        var positives = Positives;
        var weight = ThresholdCandidate.WeightOfFalse(prevalence, positives, Count);
        var (found, wrong) = (0L, 0L);
        yield return new(_largest, 0, 0, positives, weight);
        for (var i = 0; i < _true.Length && !double.IsNegativeInfinity(_true[i]); i++)
        {
            found += _equalTrue[i];
            wrong += _falseCounts[i];
            var next = i + 1 < _true.Length ? Math.Max(_true[i + 1], _largestBelow[i]) : _largestBelow[i];
            yield return new(Midpoint.Between(next, _true[i]), found, wrong, positives, weight);
        }
    }

    private static PooledScores Read<T>(Logits logits, Func<T, double> widen, CancellationToken cancellation)
        where T : unmanaged
    {
        var k = logits.ClassCount;
        var trueLogits = new double[logits.Count];
        ForEachRow<T>(logits, (i, row, label) => trueLogits[i] = widen(row[label]), cancellation);
        if (Array.FindIndex(trueLogits, double.IsNaN) is var wrong and >= 0)
            throw LogitErrors.NaN(logits, wrong, logits.Labels.Span[wrong]);
        var scores = new PooledScores(trueLogits);
        ForEachRow<T>(logits, (i, row, label) =>
        {
            for (var j = 0; j < k; j++)
            {
                if (j != label && !scores.AddFalse(widen(row[j])))
                    throw LogitErrors.NaN(logits, i, j);
            }
        }, cancellation);
        return scores;
    }

    private static void ForEachRow<T>(Logits logits, RowAction<T> action, CancellationToken cancellation)
        where T : unmanaged
    {
        var k = logits.ClassCount;
        foreach (var block in RowBlocks.Of<T>(logits, BlockLength))
        {
            cancellation.ThrowIfCancellationRequested();
            for (var row = 0; row < block.RowCount; row++)
                action(block.FirstRow + row, block.Values.Span.Slice(row * k, k), logits.Labels.Span[block.FirstRow + row]);
        }
    }

    // Most are below every true one of a trained model, which one comparison tells.
    private bool AddFalse(double score)
    {
        if (double.IsNaN(score))
            return false;
        var i = score < _true[^1] ? _true.Length : FirstAtMost(score);
        _falseCounts[i]++;
        _largest = Math.Max(_largest, score);
        if (i > 0 && score > _largestBelow[i - 1])
            _largestBelow[i - 1] = score;
        return true;
    }

    private int FirstAtMost(double score)
    {
        var (low, high) = (0, _true.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_true[middle] > score)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private delegate void RowAction<T>(int example, ReadOnlySpan<T> row, int label);
}

using System.Numerics;

namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>
/// The examples of a table in falling order of one class's score, as far down as its smallest positive: what lies below changes no
/// point of the precision-recall curve. Sorted once, it gives the curve of every resample, in which examples count more than once
/// or not at all.
/// </summary>
internal sealed class RankedExamples
{
    /// <summary>Average precision, trapezoid and best F1; the precisions at recalls follow.</summary>
    public const int FirstRecall = 3;

    private readonly List<int> _examples = [];

    /// <summary>For each distinct positive score, from the highest: where the negatives above it end, those equal to it, and the positives.</summary>
    private readonly List<(int Above, int Equal, int Positives)> _ends = [];

    private readonly int _positives;

    /// <summary>Whether the lowest positives are negative infinity, which no test z > t selects.</summary>
    private readonly bool _endsInfinite;

    private RankedExamples(int positives, bool endsInfinite) => (_positives, _endsInfinite) = (positives, endsInfinite);

    /// <summary>Ranks the examples by a class's scores.</summary>
    /// <param name="scores">n scores for the class, none NaN.</param>
    /// <param name="labels">n class indices.</param>
    /// <param name="j">The class.</param>
    /// <returns>Null where the class has no positives.</returns>
    public static RankedExamples? Rank<T>(ReadOnlySpan<T> scores, ReadOnlySpan<int> labels, int j)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var smallest = T.PositiveInfinity;
        var positives = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] != j)
                continue;
            positives++;
            smallest = T.Min(smallest, scores[i]);
        }

        if (positives == 0)
            return null;
        var examples = new int[labels.Length];
        var count = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            if (scores[i] >= smallest)
                examples[count++] = i;
        }

        var sorted = new T[count];
        for (var r = 0; r < count; r++)
            sorted[r] = -scores[examples[r]];
        Array.Sort(sorted, examples, 0, count);
        var ranked = new RankedExamples(positives, T.IsNegativeInfinity(smallest));
        for (int start = 0, end; start < count; start = end)
        {
            for (end = start + 1; end < count && sorted[end] == sorted[start]; end++)
            {
            }

            ranked.Add(examples.AsSpan(start, end - start), labels, j);
        }

        ranked._examples.TrimExcess();
        return ranked;
    }

    /// <summary>Measures the curve of a resample, as <see cref="SlcMetrics"/> would measure the table with its rows repeated.</summary>
    /// <param name="counts">How often each of the n examples is there. The class's own counts add up to its number of positives.</param>
    /// <param name="recalls">R recalls, rising.</param>
    /// <param name="measures">3 + R values: average precision, trapezoid, best F1, the highest precision at each recall.</param>
    public void Measure(ReadOnlySpan<int> counts, ReadOnlySpan<double> recalls, Span<double> measures)
    {
        measures.Clear();
        var examples = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_examples);
        long truePositives = 0, falsePositives = 0;
        double steps = 0, trapezoids = 0, bestF1 = 0;
        int from = 0, reached = 0;
        for (var e = 0; e < _ends.Count; e++)
        {
            var (above, equal, positives) = _ends[e];
            var multiplicity = Sum(counts, examples[equal..positives]);
            falsePositives += Sum(counts, examples[from..above]);
            var selected = truePositives + falsePositives;
            falsePositives += Sum(counts, examples[above..equal]);
            from = positives;
            if (multiplicity == 0)
                continue;
            var before = selected == 0 ? 1 : truePositives / (double)selected;
            truePositives += multiplicity;
            var precision = truePositives / (double)(truePositives + falsePositives);
            steps += multiplicity * precision;
            trapezoids += multiplicity * (before + precision) / 2;
            if (!_endsInfinite || e < _ends.Count - 1)
                bestF1 = Math.Max(bestF1, 2.0 * truePositives / (truePositives + falsePositives + _positives));
            var recall = truePositives / (double)_positives;
            while (reached < recalls.Length && recall >= recalls[reached])
                reached++;
            for (var r = 0; r < reached; r++)
                measures[FirstRecall + r] = Math.Max(measures[FirstRecall + r], precision);
        }

        measures[0] = steps / _positives;
        measures[1] = trapezoids / _positives;
        measures[2] = bestF1;
    }

    /// <summary>Adds examples with equal scores.</summary>
    private void Add(ReadOnlySpan<int> examples, ReadOnlySpan<int> labels, int j)
    {
        var above = _examples.Count;
        foreach (var i in examples)
        {
            if (labels[i] != j)
                _examples.Add(i);
        }

        var equal = _examples.Count;
        if (equal - above == examples.Length)
            return;
        foreach (var i in examples)
        {
            if (labels[i] == j)
                _examples.Add(i);
        }

        _ends.Add((above, equal, _examples.Count));
    }

    private static long Sum(ReadOnlySpan<int> counts, ReadOnlySpan<int> examples)
    {
        long sum = 0;
        foreach (var i in examples)
            sum += counts[i];
        return sum;
    }
}

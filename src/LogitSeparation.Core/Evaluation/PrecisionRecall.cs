namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// A class's precision-recall curve, from its positives' scores and the counts of its negatives': the points at thresholds equal to a positive score. At other
/// thresholds recall is the same and precision lower, so they matter to the trapezoid rule only.
/// </summary>
internal sealed class PrecisionRecall
{
    private readonly double[] _precision;
    private readonly double[] _recall;

    /// <summary>Computes the curve, from the highest threshold down.</summary>
    /// <param name="multiplicities">The number of positives at each of D distinct scores, rising.</param>
    /// <param name="counts">2 D + 1 counts of the negatives' scores (see <see cref="GapCounts{T}"/>).</param>
    public PrecisionRecall(ReadOnlySpan<int> multiplicities, ReadOnlySpan<int> counts)
    {
        var distinct = multiplicities.Length;
        long positives = 0;
        foreach (var multiplicity in multiplicities)
            positives += multiplicity;

        _precision = new double[distinct];
        _recall = new double[distinct];
        long truePositives = 0, falsePositives = 0;
        double steps = 0, trapezoids = 0;
        for (var d = distinct - 1; d >= 0; d--)
        {
            falsePositives += counts[2 * d + 2];
            // The curve's last point before this recall: just above this score. It starts at precision 1 where nothing is selected.
            var before = truePositives + falsePositives == 0 ? 1 : truePositives / (double)(truePositives + falsePositives);
            falsePositives += counts[2 * d + 1];
            truePositives += multiplicities[d];
            var point = distinct - 1 - d;
            _precision[point] = truePositives / (double)(truePositives + falsePositives);
            _recall[point] = truePositives / (double)positives;
            steps += multiplicities[d] * _precision[point];
            trapezoids += multiplicities[d] * (before + _precision[point]) / 2;
        }

        AveragePrecision = steps / positives;
        Trapezoid = trapezoids / positives;
    }

    /// <summary>Sum over thresholds of (R_d - R_(d-1)) P_d.</summary>
    public double AveragePrecision { get; }

    /// <summary>The area under straight lines between the points of all thresholds.</summary>
    public double Trapezoid { get; }

    /// <summary>The highest precision among thresholds whose recall TP / P, in double, is at least <paramref name="recall"/>.</summary>
    /// <param name="recall">In (0, 1].</param>
    public double PrecisionAt(double recall)
    {
        var highest = 0.0;
        for (var point = _recall.Length - 1; point >= 0 && _recall[point] >= recall; point--)
            highest = Math.Max(highest, _precision[point]);
        return highest;
    }
}

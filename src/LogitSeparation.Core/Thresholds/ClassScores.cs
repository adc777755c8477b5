using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.Core.Thresholds;

/// <summary>The logits of one class in ascending order, and which of them are true.</summary>
internal sealed class ClassScores
{
    private readonly double[] _scores;
    private readonly bool[] _isTrue;

    /// <summary>Sorts them.</summary>
    /// <param name="scores">n logits without NaN; sorted in place.</param>
    /// <param name="isTrue">Whether each is that of an example of the class; sorted with them.</param>
    public ClassScores(double[] scores, bool[] isTrue)
    {
        Array.Sort(scores, isTrue);
        (_scores, _isTrue) = (scores, isTrue);
        Positives = isTrue.Count(value => value);
    }

    /// <summary>The number of all.</summary>
    public int Count => _scores.Length;

    /// <summary>The number of true ones.</summary>
    public int Positives { get; }

    /// <summary>All thresholds that make a difference, from the one that selects nothing down.</summary>
    /// <param name="prevalence">The share that true ones are to have; null for what it is.</param>
    public IEnumerable<ThresholdCandidate> Candidates(double? prevalence)
    {
        var weight = ThresholdCandidate.WeightOfFalse(prevalence, Positives, Count);
        if (Count > 0)
            yield return new(_scores[^1], 0, 0, Positives, weight);
        var found = 0;
        for (var i = Count - 1; i >= 0; i--)
        {
            found += _isTrue[i] ? 1 : 0;
            var next = i == 0 ? double.NegativeInfinity : _scores[i - 1];
            // A score equal to the next is selected with it, and nothing selects negative infinity, as z > t is strict.
            if (_scores[i] > next)
                yield return new(Midpoint.Between(next, _scores[i]), found, Count - i - found, Positives, weight);
        }
    }

    /// <summary>What the threshold at the s-th largest score selects: the scores that are larger.</summary>
    /// <param name="rank">s, 1 … n; n + 1 for the threshold that selects all.</param>
    /// <param name="prevalence">As for <see cref="Candidates"/>.</param>
    public ThresholdCandidate AtRank(int rank, double? prevalence)
    {
        var threshold = rank > Count ? double.NegativeInfinity : _scores[Count - rank];
        var first = FirstAtLeast(threshold);
        while (first < Count && _scores[first] == threshold)
            first++;
        return From(first, threshold, prevalence);
    }

    /// <summary>The threshold below the r-th smallest true score, and above the next smaller score.</summary>
    /// <param name="rank">r, 1 … P.</param>
    /// <param name="prevalence">As for <see cref="Candidates"/>.</param>
    /// <returns>Null where that score is negative infinity, which nothing selects, as z > t is strict.</returns>
    public ThresholdCandidate? BelowTrue(int rank, double? prevalence)
    {
        var i = Array.FindIndex(_isTrue, value => value && --rank == 0);
        if (double.IsNegativeInfinity(_scores[i]))
            return null;
        var first = FirstAtLeast(_scores[i]);
        return From(first, Midpoint.Between(first == 0 ? double.NegativeInfinity : _scores[first - 1], _scores[i]), prevalence);
    }

    /// <summary>What the scores say in probabilities; null where that is not asked for, or no score is finite.</summary>
    /// <param name="method">How to fit it.</param>
    /// <param name="prevalence">As for <see cref="Candidates"/>.</param>
    public Calibration? Calibrate(CalibrationMethod method, double? prevalence)
    {
        var first = FirstAtLeast(double.MinValue);
        var count = Array.FindLastIndex(_scores, double.IsFinite) + 1 - first;
        if (method == CalibrationMethod.None || count <= 0)
            return null;
        var scores = _scores.AsSpan(first, count);
        var isTrue = _isTrue.AsSpan(first, count);
        var calibration = method == CalibrationMethod.Platt ? PlattScaling.Fit(scores, isTrue) : IsotonicRegression.Fit(scores, isTrue);
        return prevalence is { } share && Positives > 0 && Positives < Count
            ? calibration.Shift(share / (1 - share) * (Count - Positives) / Positives)
            : calibration;
    }

    private ThresholdCandidate From(int first, double threshold, double? prevalence)
    {
        var found = _isTrue.AsSpan(first).Count(true);
        return new(threshold, found, Count - first - found, Positives, ThresholdCandidate.WeightOfFalse(prevalence, Positives, Count));
    }

    private int FirstAtLeast(double value)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_scores[middle] < value)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}

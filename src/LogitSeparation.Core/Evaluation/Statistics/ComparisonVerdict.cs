using System.Globalization;

namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>Puts a comparison into words: what was found, what may be concluded from it, and what not.</summary>
internal static class ComparisonVerdict
{
    private const int FewSeeds = 5;

    /// <summary>The sentences.</summary>
    /// <param name="comparison">A comparison with all numbers in it.</param>
    /// <param name="options">How it was made.</param>
    public static string Of(LossComparison comparison, ComparisonOptions options) => string.Join(' ', new[]
    {
        Effect(comparison),
        Evidence(comparison),
        Conclusion(comparison, options),
        Limit(comparison, options),
    }.Where(sentence => sentence.Length > 0));

    private static string Effect(LossComparison comparison)
    {
        var loss = RunGroup.TitleOf(RunSource.Name(comparison.Loss, comparison.Source), comparison.Score, comparison.Setting);
        var (a, b) = (1 - comparison.ReferenceValue, 1 - comparison.Value);
        var metric = comparison.MetricTitle;
        var values = FormattableString.Invariant($"{b:0.####} against {a:0.####}");
        if (comparison.RelativeImprovement is not { } improvement)
            return $"{loss} has {metric} {values} of {comparison.Reference}, which is perfect: there is nothing to improve on.";
        return improvement == 0
            ? $"{loss} and {comparison.Reference} have the same {metric} ({values})."
            : $"{loss} has {Percent(Math.Abs(improvement))} {(improvement > 0 ? "less" : "more")} {metric} than {comparison.Reference} ({values}).";
    }

    private static string Evidence(LossComparison comparison)
    {
        var parts = new List<string>();
        if (comparison.PairCount > 1)
        {
            parts.Add($"Better in {comparison.BetterCount} and worse in {comparison.WorseCount} of {comparison.PairCount} "
                + (comparison.Pairing == Pairing.Seed ? "seeds" : "classes"));
        }

        if (comparison.Interval is { } interval)
        {
            parts.Add($"{Percent(interval.Level)} interval of the improvement over {Plural(comparison.IntervalPairing!.Value)} "
                + $"{Percent(interval.Lower)} to {Percent(interval.Upper)}");
        }

        if (comparison.Test is { } test)
        {
            var name = test.Test == TestKind.PairedT ? "paired t-test" : "signed-rank test";
            parts.Add($"{name} p = {P(test.PValue)}"
                + (comparison.ComparisonCount > 1 ? $", which Holm's correction for all {comparison.ComparisonCount} comparisons makes {P(comparison.AdjustedPValue!.Value)}" : ""));
        }

        return parts.Count == 0 ? "" : $"{string.Join("; ", parts)}.";
    }

    private static string Conclusion(LossComparison comparison, ComparisonOptions options)
    {
        if (comparison.Test is null)
        {
            return comparison.PairCount == 0 ? "Nothing can be concluded about the losses: this measure has no values for classes, "
                    + (comparison.RunCount > 1 ? "so compare it over seeds." : "and there is one seed.")
                : comparison.PairCount == 1 ? "Nothing can be concluded from one pair."
                : comparison.BetterCount + comparison.WorseCount == 0 ? "No pair differs."
                : "All pairs differ by the same, so there is no spread to test by.";
        }

        var covers = comparison.Interval?.Contains(0) == true;
        if (comparison.IsSignificant)
        {
            // The side is the test's, as the significance is; the mean may lie on the other where few pairs differ by much.
            var side = comparison.Test.Side switch { > 0 => "better", < 0 => "worse", _ => "different" };
            return $"So it is {side} than {comparison.Reference}" + (Math.Sign(comparison.Value - comparison.ReferenceValue) == -comparison.Test.Side
                ? ", by the test; but the mean says the opposite, as few pairs differ by much: look at the pairs before you conclude."
                : covers ? ", by the test; but the interval covers 0, so how much is open." : ".");
        }

        var rejected = comparison.PValue < 1 - options.ConfidenceLevel
            ? "Alone this would count, but not among so many comparisons: no difference is shown"
            : "No difference is shown";
        if (comparison is { IntervalPairing: Pairing.Example, Interval: not null } && !covers)
            return $"{rejected} by the classes; on other examples like these the two models would likely differ, as the interval leaves out 0.";
        return covers || comparison.Interval is null
            ? $"{rejected}, which does not mean that there is none{(covers ? ": the interval covers 0" : "")}."
            : $"{rejected}, though the interval leaves out 0.";
    }

    private static string Limit(LossComparison comparison, ComparisonOptions options)
    {
        var limits = new List<string>();
        if (comparison.UnpairedRunCount > 0)
            limits.Add($"{comparison.UnpairedRunCount} {(comparison.UnpairedRunCount == 1 ? "run is" : "runs are")} left out, as the other loss has none of the same seed.");
        if (comparison.Pairing == Pairing.Class)
            limits.Add("This is about these models: other seeds may turn out otherwise.");
        else if (comparison.PairCount < FewSeeds)
            limits.Add($"{comparison.PairCount} seeds say little about how much runs vary.");
        if (comparison.Test is { Test: TestKind.Wilcoxon } test && WilcoxonSignedRank.SmallestP(test.PairCount) * comparison.ComparisonCount >= 1 - options.ConfidenceLevel
            && !comparison.IsSignificant)
        {
            limits.Add($"With {test.PairCount} pairs{(comparison.ComparisonCount > 1 ? " and so many comparisons" : "")} this test may not be able to show one: "
                + $"its smallest p is {P(WilcoxonSignedRank.SmallestP(test.PairCount))}.");
        }

        return string.Join(' ', limits);
    }

    private static string Plural(Pairing pairing) => pairing switch
    {
        Pairing.Seed => "seeds",
        Pairing.Class => "classes",
        _ => "examples",
    };

    private static string P(double p) => p < 0.0001 ? "below 0.0001" : p.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + "%";
}

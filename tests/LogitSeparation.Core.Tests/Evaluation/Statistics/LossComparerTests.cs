using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Evaluation.Statistics;
using Xunit;

namespace LogitSeparation.Core.Tests.Evaluation.Statistics;

public sealed class LossComparerTests
{
    private static readonly ComparisonOptions Auprc = new() { Metric = ["Auprc"] };

    [Fact]
    public void Seeds_are_paired_whatever_their_order()
    {
        // Errors 0.10, 0.12, 0.11 against 0.07, 0.08, 0.075; seed 9 has no partner.
        SlcMetrics[] metrics =
        [
            Runs.Of("CE", 0, 0.90), Runs.Of("CE", 1, 0.88), Runs.Of("CE", 2, 0.89), Runs.Of("CE", 9, 0.1),
            Runs.Of("BatchCE", 2, 0.925), Runs.Of("BatchCE", 0, 0.93), Runs.Of("BatchCE", 1, 0.92),
        ];

        var comparison = Assert.Single(LossComparer.Compare(metrics, Auprc));

        Assert.Equal((Pairing.Seed, 3, 3, 0), (comparison.Pairing, comparison.PairCount, comparison.BetterCount, comparison.WorseCount));
        Assert.Equal((0.11 - 0.075) / 0.11, comparison.RelativeImprovement!.Value, 1e-12);

        // Differences 0.03, 0.04, 0.035: t = 0.035 / (0.005 / sqrt 3) = 12.124; with 2 degrees of freedom p = 1 - t / sqrt(2 + t²).
        var t = 0.035 * Math.Sqrt(3) / 0.005;
        Assert.Equal(t, comparison.Test!.Statistic, 1e-6);
        Assert.Equal(1 - t / Math.Sqrt(2 + t * t), comparison.PValue!.Value, 1e-9);
        Assert.Equal((comparison.PValue, 1, true), (comparison.AdjustedPValue, comparison.ComparisonCount, comparison.IsSignificant));
        Assert.Equal(Pairing.Seed, comparison.IntervalPairing);
        Assert.Contains("BatchCE has 31.8% less 1-AUPRC than CE (0.075 against 0.11).", comparison.Verdict, StringComparison.Ordinal);
        Assert.Contains("Better in 3 and worse in 0 of 3 seeds", comparison.Verdict, StringComparison.Ordinal);
        Assert.Contains("So it is better than CE.", comparison.Verdict, StringComparison.Ordinal);
        Assert.Contains("3 seeds say little", comparison.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void No_interval_holds_an_improvement_above_perfect()
    {
        // Errors 0.10, 0.12, 0.11 against 0, 0.02, 0.005.
        SlcMetrics[] metrics =
        [
            Runs.Of("CE", 0, 0.90), Runs.Of("CE", 1, 0.88), Runs.Of("CE", 2, 0.89),
            Runs.Of("BatchCE", 0, 1), Runs.Of("BatchCE", 1, 0.98), Runs.Of("BatchCE", 2, 0.995),
        ];

        var comparison = Assert.Single(LossComparer.Compare(metrics, Auprc));

        Assert.Equal(1, comparison.Interval!.Upper);
        Assert.InRange(comparison.RelativeImprovement!.Value, comparison.Interval.Lower, 1);
        Assert.Contains("to 100%;", comparison.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void One_seed_is_compared_over_classes_and_says_so()
    {
        SlcMetrics[] metrics = [Runs.Of("CE", 0, 0.80, 0.82, 0.84, 0.86, 0.88, 0.90), Runs.Of("NCE", 0, 0.81, 0.85, 0.89, 0.93, 0.97, 0.93)];

        var comparisons = LossComparer.Compare(metrics);

        Assert.Equal(["Auprc", "PrecisionAt90", "PrecisionAt99", "Accuracy"], comparisons.Select(item => item.Metric));
        Assert.All(comparisons, item => Assert.Equal(Pairing.Class, item.Pairing));
        Assert.Equal((6, 6, TestKind.Wilcoxon), (comparisons[0].PairCount, comparisons[0].BetterCount, comparisons[0].Test!.Test));
        Assert.Equal(2 / 64.0, comparisons[0].PValue);
        Assert.Equal((3, 6 / 64.0, false), (comparisons[0].ComparisonCount, comparisons[0].AdjustedPValue, comparisons[0].IsSignificant));
        Assert.Contains("which Holm's correction for all 3 comparisons makes 0.0938", comparisons[0].Verdict, StringComparison.Ordinal);
        Assert.Contains("Alone this would count, but not among so many comparisons", comparisons[0].Verdict, StringComparison.Ordinal);
        Assert.Contains("With 6 pairs and so many comparisons this test may not be able to show one", comparisons[0].Verdict, StringComparison.Ordinal);
        Assert.Contains("other seeds may turn out otherwise", comparisons[0].Verdict, StringComparison.Ordinal);

        Assert.Null(comparisons[3].Test);
        Assert.Equal((0, null), (comparisons[3].PairCount, comparisons[3].AdjustedPValue));
        Assert.Contains("Nothing can be concluded", comparisons[3].Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void All_comparisons_are_corrected_together()
    {
        var random = new Random(2);
        var metrics = new[] { "CE", "BatchCE", "NCE", "MaxMargin" }.SelectMany((loss, l) =>
            Enumerable.Range(0, 6).Select(seed => Runs.Of(loss, seed, 0.8 + 0.01 * l + 0.02 * random.NextDouble()))).ToList();
        metrics.AddRange(metrics.ConvertAll(item => item with { Dataset = "MNIST", Auprc = item.Auprc - 0.001 * random.NextDouble() }));

        var comparisons = LossComparer.Compare(metrics);

        Assert.Equal(2 * 3 * 4, comparisons.Count);
        Assert.Equal(HolmCorrection.Adjust([.. comparisons.Select(item => item.PValue!.Value)]), comparisons.Select(item => item.AdjustedPValue!.Value));
        Assert.All(comparisons, item => Assert.Equal((24, item.AdjustedPValue < 0.05), (item.ComparisonCount, item.IsSignificant)));
        Assert.Contains(comparisons, item => item.IsSignificant);
        Assert.Contains(comparisons, item => !item.IsSignificant);
    }

    [Fact]
    public void An_interval_that_covers_zero_is_no_proof_of_equality()
    {
        SlcMetrics[] metrics = [.. new[] { 0.90, 0.80, 0.85, 0.88, 0.86 }.Select((value, seed) => Runs.Of("CE", seed, value)),
            .. new[] { 0.89, 0.83, 0.84, 0.89, 0.85 }.Select((value, seed) => Runs.Of("NCE", seed, value))];

        var comparison = Assert.Single(LossComparer.Compare(metrics, Auprc));

        Assert.True(comparison.Interval!.Contains(0));
        Assert.False(comparison.IsSignificant);
        Assert.EndsWith("No difference is shown, which does not mean that there is none: the interval covers 0.", comparison.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void A_worse_loss_is_said_to_be_worse()
    {
        SlcMetrics[] metrics = [.. Enumerable.Range(0, 5).SelectMany(seed => new[]
        {
            Runs.Of("CE", seed, 0.9 + 0.001 * seed), Runs.Of("MaxMargin", seed, 0.8 + 0.002 * seed),
        })];

        var comparison = Assert.Single(LossComparer.Compare(metrics, Auprc));

        Assert.True(comparison.Interval!.Upper < 0);
        Assert.Equal(5, comparison.WorseCount);
        Assert.Contains("more 1-AUPRC than CE", comparison.Verdict, StringComparison.Ordinal);
        Assert.Contains("So it is worse than CE.", comparison.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_results_and_perfect_ones_are_said()
    {
        SlcMetrics[] same = [.. Enumerable.Range(0, 3).SelectMany(seed => new[] { Runs.Of("CE", seed, 0.9 + 0.01 * seed), Runs.Of("NCE", seed, 0.9 + 0.01 * seed) })];
        SlcMetrics[] perfect = [.. Enumerable.Range(0, 3).SelectMany(seed => new[] { Runs.Of("CE", seed, 1.0), Runs.Of("NCE", seed, 0.9) })];

        var equal = Assert.Single(LossComparer.Compare(same, Auprc));
        Assert.Equal(0, equal.RelativeImprovement);
        Assert.Null(equal.Test);
        Assert.Contains("have the same 1-AUPRC", equal.Verdict, StringComparison.Ordinal);
        Assert.Contains("No pair differs.", equal.Verdict, StringComparison.Ordinal);

        var worse = Assert.Single(LossComparer.Compare(perfect, Auprc));
        Assert.Null(worse.RelativeImprovement);
        Assert.Contains("which is perfect", worse.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Against_a_perfect_reference_a_loss_can_only_be_worse()
    {
        SlcMetrics[] metrics = [.. Enumerable.Range(0, 5).SelectMany(seed => new[] { Runs.Of("CE", seed, 1.0), Runs.Of("NCE", seed, 0.9 + 0.001 * seed) })];

        Assert.Contains("So it is worse than CE.", Assert.Single(LossComparer.Compare(metrics, Auprc)).Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void The_side_is_that_of_the_test_even_where_the_mean_is_on_the_other()
    {
        // 19 errors fall a little and one rises by much: the negative rank is 20, and the mean is worse.
        double[] before = [.. Enumerable.Repeat(0.5, 20)];
        double[] after = [.. Enumerable.Range(1, 19).Select(i => 0.5 + 0.001 * i), 0.0];

        var comparison = Assert.Single(LossComparer.Compare([Runs.Of("CE", 0, before), Runs.Of("NCE", 0, after)], Auprc));

        Assert.True(comparison.IsSignificant && comparison.RelativeImprovement < 0);
        Assert.Equal(1, comparison.Test!.Side);
        Assert.Contains("So it is better than CE, by the test; but the mean says the opposite", comparison.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Differences_that_are_equal_but_for_rounding_are_equal()
    {
        SlcMetrics[] metrics = [.. new[] { 0.9, 0.8, 0.7 }.SelectMany((value, seed) => new[] { Runs.Of("CE", seed, value - 0.1), Runs.Of("NCE", seed, value) })];

        var comparison = Assert.Single(LossComparer.Compare(metrics, Auprc));

        Assert.Null(comparison.Test);
        Assert.Contains("All pairs differ by the same", comparison.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Measures_that_some_run_lacks_are_unknown()
    {
        var recall = new SortedList<double, double> { [0.5] = 0.9, [0.9] = 0.9, [0.99] = 0.9 };
        SlcMetrics[] metrics = [Runs.Of("CE", 0, 0.9) with { PrecisionAtRecall = recall }, Runs.Of("CE", 1, 0.8), Runs.Of("NCE", 0, 0.9) with { PrecisionAtRecall = recall }, Runs.Of("NCE", 1, 0.7)];

        AssertError("UnknownMetric", "PrecisionAt50", metrics, new() { Metric = ["PrecisionAt50"] });
    }

    [Fact]
    public void Runs_without_a_partner_are_counted_and_several_seeds_are_not_called_one()
    {
        SlcMetrics[] metrics = [Runs.Of("CE", 0, 0.9), Runs.Of("CE", 1, 0.8), Runs.Of("CE", 7, 0.8), Runs.Of("NCE", 0, 0.91), Runs.Of("NCE", 1, 0.7)];

        var comparison = Assert.Single(LossComparer.Compare(metrics, new() { Metric = ["Accuracy"], Pairing = Pairing.Class }));

        Assert.Equal((2, 1), (comparison.RunCount, comparison.UnpairedRunCount));
        Assert.Contains("1 run is left out", comparison.Verdict, StringComparison.Ordinal);
        Assert.Contains("so compare it over seeds", comparison.Verdict, StringComparison.Ordinal);
        Assert.DoesNotContain("there is one seed", comparison.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Bootstrap_replicates_of_the_same_examples_give_an_interval_over_examples()
    {
        var options = new MetricsOptions { Bootstrap = new() { ReplicateCount = 200 } };
        var population = new GaussianPopulation(4, 2);
        var reference = population.Sample(new Random(1), 40);

        // The same logits with less noise: the same examples, better told apart.
        var labels = reference.Labels.ToArray();
        var sharper = Array.ConvertAll(reference.DoubleLogits.ToArray(), z => z);
        for (var i = 0; i < labels.Length; i++)
            sharper[i * 4 + labels[i]] += 1;
        SlcMetrics Measure(double[] logits, string loss) => SlcMetrics.Measure(
            new MemoryLogits(logits, labels, reference.ClassNames) { Loss = loss, Dataset = "Normal" }, options, TestContext.Current.CancellationToken);
        var (ce, other) = (Measure(reference.DoubleLogits.ToArray(), "CE"), Measure(sharper, "NCE"));

        var comparisons = LossComparer.Compare([ce, other]);

        // Of 40 examples a class recall 0.99 leaves out none: resamples do not say how others would do.
        Assert.All(comparisons, item => Assert.Equal(item.Metric == "PrecisionAt99" ? Pairing.Class : Pairing.Example, item.IntervalPairing));
        Assert.All(comparisons, item => Assert.True(item.Interval!.Contains(item.RelativeImprovement!.Value)));
        Assert.True(comparisons[0].Interval!.Lower > 0);
        Assert.Contains("over examples", comparisons[0].Verdict, StringComparison.Ordinal);

        options = options with { Bootstrap = new() { ReplicateCount = 200, Seed = 1 } };
        Assert.Equal(Pairing.Class, LossComparer.Compare([ce, Measure(sharper, "NCE")], Auprc)[0].IntervalPairing);
    }

    [Fact]
    public void What_cannot_be_compared_is_an_error_that_names_it()
    {
        AssertError("ReferenceMissing", "'CE' on Digits", [Runs.Of("NCE", 0, 0.9), Runs.Of("BatchCE", 0, 0.9)]);
        AssertError("NothingToCompare", "CE alone on Digits", [Runs.Of("CE", 0, 0.9)]);
        AssertError("RunsUnpaired", "seeds 1, 2", [Runs.Of("CE", 0, 0.9), Runs.Of("NCE", 1, 0.9), Runs.Of("NCE", 2, 0.9)]);
        AssertError("SeedUnknown", "the seed of 2 is not known", [Runs.Of("CE", null, 0.9), Runs.Of("CE", null, 0.8)]);
        AssertError("RunsDiffer", "50 x 1", [Runs.Of("CE", 0, 0.9), Runs.Of("CE", 1, 0.9) with { ExampleCount = 50 }]);
        AssertError("RunsDiffer", "100 x 2 logits", [Runs.Of("CE", 0, 0.9), Runs.Of("NCE", 0, 0.9, 0.8)]);
        AssertError("SeedRepeated", "CE on Digits (Test) with seed 0", [Runs.Of("CE", 0, 0.9), Runs.Of("CE", 0, 0.9)]);
        AssertError("UnknownMetric", "Did you mean 'Auprc'", [Runs.Of("CE", 0, 0.9), Runs.Of("NCE", 0, 0.9)], new() { Metric = ["Auprk"] });
        AssertError("PairingInvalid", "-Bootstrap", [], new() { Pairing = Pairing.Example });
        AssertError("ConfidenceLevelOutOfRange", "95", [], new() { ConfidenceLevel = 95 });
    }

    [Fact]
    public void A_loss_is_the_same_whatever_its_case()
    {
        static SlcMetrics Run(string loss, int seed, float z) => SlcMetrics.Measure(
            new MemoryLogits([z, 0, 1, 2, 0, 1, 1, 0], [0, 1, 1, 0], ["a", "b"]) { Loss = loss, Dataset = "Few", Seed = seed });

        var comparison = LossComparer.Compare(
            [Run("ArcFace", 0, 0.5f), Run("arcface", 1, 2), Run("NCE", 0, 3), Run("nce", 1, 3)], Auprc with { Reference = "ARCFACE" });

        Assert.Equal(("NCE", 2, "ArcFace"), (comparison[0].Loss, comparison[0].RunCount, comparison[0].Reference));
        Assert.Equal(2, MetricsSummary.Of([Run("ArcFace", 0, 1), Run("arcface", 1, 2)])[0].RunCount);
    }

    [Fact]
    public void Reference_pairing_and_test_may_be_chosen()
    {
        var random = new Random(6);
        SlcMetrics[] metrics = [.. new[] { "CE", "NCE" }.SelectMany(loss => Enumerable.Range(0, 4).Select(seed =>
            Runs.Of(loss, seed, [.. Enumerable.Range(0, 7).Select(_ => 0.8 + 0.1 * random.NextDouble())])))];

        var comparison = Assert.Single(LossComparer.Compare(metrics, Auprc with { Reference = "nce", Pairing = Pairing.Class, Test = TestKind.PairedT }));

        Assert.Equal(("CE", "NCE", Pairing.Class, 7, TestKind.PairedT),
            (comparison.Loss, comparison.Reference, comparison.Pairing, comparison.PairCount, comparison.Test!.Test));
    }

    private static void AssertError(string id, string part, SlcMetrics[] metrics, ComparisonOptions? options = null)
    {
        var error = Assert.Throws<SlcException>(() => LossComparer.Compare(metrics, options));
        Assert.Equal(id, error.ErrorId);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }
}

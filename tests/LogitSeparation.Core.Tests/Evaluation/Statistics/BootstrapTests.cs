using FsCheck.Xunit;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Evaluation.Statistics;
using Xunit;

namespace LogitSeparation.Core.Tests.Evaluation.Statistics;

public sealed class BootstrapTests
{
    private const double Tolerance = 1e-12;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Property(MaxTest = 60)]
    public void A_replicate_is_what_the_resampled_table_measures(int seed)
    {
        var table = RandomTable.FromSeed(seed);
        foreach (var score in Enum.GetValues<MetricsScore>())
        {
            var options = new MetricsOptions { Score = score, Recall = [0.5], Bootstrap = new() { ReplicateCount = 20, Seed = seed } };
            var replicates = SlcMetrics.Measure(table.ToSingle(), options).Replicates!.Values;
            for (var b = 0; b < 20; b++)
            {
                var expected = SlcMetrics.Measure(Resample(table, seed, b), options with { Bootstrap = null });
                foreach (var metric in Metric.In(expected))
                    Assert.Equal(metric.Of(expected)!.Value, replicates[metric.Name][b], Tolerance);
            }
        }
    }

    [Property(MaxTest = 60)]
    public void A_class_replicate_is_what_the_resampled_table_measures(int seed)
    {
        var table = RandomTable.FromSeed(seed);
        var resample = new StratifiedResample(table.Labels, table.ClassCount, seed);
        var counts = new int[table.Count];
        resample.Draw(7, counts);
        var expected = SlcMetrics.Measure(Resample(table, seed, 7)).Class;
        var measures = new double[5];
        for (var j = 0; j < table.ClassCount; j++)
        {
            var column = Enumerable.Range(0, table.Count).Select(i => table.Values[i * table.ClassCount + j]).ToArray();
            var ranked = RankedExamples.Rank<float>(column, table.Labels, j);
            Assert.Equal(expected[j].Positives == 0, ranked is null);
            ranked?.Measure(counts, [0.9, 0.99], measures);
            if (ranked is not null)
                Assert.Equal([expected[j].Auprc!.Value, expected[j].AuprcTrapezoid!.Value, expected[j].BestF1!.Value, expected[j].PrecisionAt90!.Value, expected[j].PrecisionAt99!.Value], measures);
        }
    }

    [Property]
    public void A_resample_keeps_the_number_of_examples_of_every_class(int seed)
    {
        var table = RandomTable.FromSeed(seed);
        var counts = new int[table.Count];
        new StratifiedResample(table.Labels, table.ClassCount, seed).Draw(seed & 0xFFFF, counts);

        for (var j = 0; j < table.ClassCount; j++)
            Assert.Equal(table.Labels.Count(label => label == j), counts.Where((_, i) => table.Labels[i] == j).Sum());
    }

    [Fact]
    public void Every_example_is_drawn_equally_often()
    {
        // Two classes of 4 and 6: over 20000 resamples each example is drawn 20000 times on average, with variance 20000 (1 - 1/n).
        int[] labels = [0, 1, 0, 1, 1, 0, 1, 1, 0, 1];
        var resample = new StratifiedResample(labels, 2, seed: 11);
        var (counts, sums) = (new int[10], new int[10]);
        for (var b = 0; b < 20000; b++)
        {
            resample.Draw(b, counts);
            for (var i = 0; i < 10; i++)
                sums[i] += counts[i];
        }

        Assert.All(sums, sum => Assert.InRange(sum, 20000 - 4.5 * 141, 20000 + 4.5 * 141));
    }

    [Fact]
    public void The_spread_of_accuracy_is_that_of_the_closed_form()
    {
        // Given the sample, accuracy is a sum of independent binomials: variance sum of n_c p_c (1 - p_c) over n².
        var table = new GaussianPopulation(3, 1.5).Sample(new Random(3), 60);
        var correct = Array.ConvertAll(TrueRanks.Of(table, Stop), rank => rank == 0);
        var labels = table.Labels.ToArray();
        var variance = Enumerable.Range(0, 3).Sum(j =>
        {
            var p = correct.Where((_, i) => labels[i] == j).Average(right => right ? 1.0 : 0);
            return 60 * p * (1 - p);
        }) / (180.0 * 180);

        var replicates = Measure(table, 20000).Replicates!.Values["Accuracy"];
        var mean = replicates.Average();
        Assert.Equal(correct.Count(right => right) / 180.0, mean, 4 * Math.Sqrt(variance / 20000));
        Assert.InRange(replicates.Average(value => (value - mean) * (value - mean)) / variance, 0.95, 1.05);
    }

    [Fact]
    public void Intervals_change_no_value_and_hold_every_measure()
    {
        var table = new GaussianPopulation(4, 2).Sample(new Random(1), 30);
        var plain = SlcMetrics.Measure(table, new MetricsOptions { Recall = [0.5] }, Stop);
        var metrics = SlcMetrics.Measure(table, new MetricsOptions { Recall = [0.5], Bootstrap = new() { ReplicateCount = 100 } }, Stop);

        Assert.Null(plain.Interval);

        // Of 30 examples recall 0.9 leaves out three, and 0.99 none.
        var measured = Metric.In(plain).Where(metric => metric.Recall != 0.99).ToArray();
        Assert.Equal(measured.Select(metric => metric.Name).Order(StringComparer.OrdinalIgnoreCase), metrics.Interval!.Keys);
        Assert.Contains("PrecisionAt50", metrics.Interval.Keys);
        foreach (var metric in measured)
        {
            Assert.Equal(metric.Of(plain), metric.Of(metrics));
            Assert.Equal(0.95, metrics.Interval[metric.Name].Level);
            // With four classes no true logit comes after the fifth place.
            Assert.Equal(metric != Metric.Top5Accuracy, metrics.Interval[metric.Name].Lower < metrics.Interval[metric.Name].Upper);

            // Of one class the balanced accuracy is the accuracy, which stands there once.
            var name = (metric == Metric.BalancedAccuracy ? Metric.Accuracy : metric).Name;
            Assert.All(metrics.Class, item => Assert.Equal(metric.Of(item) is not null, item.Interval!.ContainsKey(name)));
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_intervals_however_the_table_is_read()
    {
        var table = RandomTable.Create(new Random(9), 500, 30).ToSingle();
        var expected = Measure(table, 50);

        Assert.Equal(expected.Replicates!.Values["Auprc"], Measure(table, 50).Replicates!.Values["Auprc"]);
        Assert.Equal(expected.Interval, Measure(new StreamedLogits(table), 50).Interval);
        Assert.NotEqual(expected.Interval, Measure(table, 50, seed: 1).Interval);
        Assert.Equal(expected.Replicates.Values["Auprc"][..20], Measure(table, 20).Replicates!.Values["Auprc"]);
    }

    [Fact]
    public void Absent_classes_have_no_intervals_and_nothing_wrong_gives_no_width()
    {
        var metrics = Measure(new MemoryLogits([3f, 1, -9, 1, 3, -9], [0, 1], ["a", "b", "none"]), 50);

        Assert.Null(metrics.Class[2].Interval);
        Assert.Equal(new ConfidenceInterval(1, 1, 0.95), metrics.Interval!["Auprc"]);
        Assert.Equal(new ConfidenceInterval(1, 1, 0.95), metrics.Class[0].Interval!["BestF1"]);

        // With two examples a recall of 0.99 means both, and resamples cannot say how another pair would do.
        Assert.DoesNotContain("PrecisionAt99", metrics.Interval.Keys);
        Assert.DoesNotContain("PrecisionAt99", metrics.Class[0].Interval!.Keys);
    }

    [Fact]
    public void Intervals_cover_the_true_measures_as_often_as_they_say()
    {
        // 400 samples: at 95 percent the share covered has a standard deviation of 1.1 points. Precision at a recall is the highest of
        // several, and so too high in small samples; its intervals are held to less.
        var population = new GaussianPopulation(3, 2.5);
        var random = new Random(20171);
        var (auprc, accuracy) = (0, 0);
        var (at90, at99) = (new List<bool>(), new List<bool>());
        for (var s = 0; s < 400; s++)
        {
            var interval = Measure(population.Sample(random, 100), 400, s).Interval!;
            auprc += interval["Auprc"].Contains(population.Auprc) ? 1 : 0;
            accuracy += interval["Accuracy"].Contains(population.Accuracy) ? 1 : 0;
            if (interval.TryGetValue("PrecisionAt90", out var found))
                at90.Add(found.Contains(population.PrecisionAt(0.9)));
            Assert.DoesNotContain("PrecisionAt99", interval.Keys);
            if (s < 200)
                at99.Add(Measure(population.Sample(random, 300), 300, s).Interval!["PrecisionAt99"].Contains(population.PrecisionAt(0.99)));
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"covered of 400: Auprc {auprc}, Accuracy {accuracy}, PrecisionAt90 {at90.Count(covered => covered)} of {at90.Count}, PrecisionAt99 {at99.Count(covered => covered)} of {at99.Count}");
        Assert.InRange(auprc / 400.0, 0.915, 0.985);
        Assert.InRange(accuracy / 400.0, 0.915, 0.985);
        Assert.InRange(at90.Count(covered => covered) / (double)at90.Count, 0.86, 0.985);
        Assert.InRange(at90.Count, 380, 400);
        Assert.InRange(at99.Count(covered => covered) / 200.0, 0.83, 0.985);
    }

    [Fact]
    public void A_lower_level_gives_narrower_intervals_that_cover_less()
    {
        var population = new GaussianPopulation(3, 1.5);
        var random = new Random(4);
        var covered = Enumerable.Range(0, 300).Count(s =>
            Measure(population.Sample(random, 50), 200, s, level: 0.5).Interval!["Auprc"].Contains(population.Auprc));

        Assert.InRange(covered / 300.0, 0.40, 0.60);
    }

    [Theory]
    [InlineData(BootstrapMethod.Percentile, 0.5, 2.5, 97.5)]
    [InlineData(BootstrapMethod.BiasCorrected, 0.5, 2.5, 97.5)]
    public void Replicates_that_are_not_off_give_their_percentiles(BootstrapMethod method, double value, double lower, double upper)
    {
        // 999 replicates 0.001 … 0.999: the (B + 1) p-th is p itself.
        var replicates = Enumerable.Range(1, 999).Select(i => i / 1000.0).ToArray();

        var interval = BootstrapInterval.From(value, replicates, new() { Method = method });

        Assert.Equal((lower / 100, upper / 100), (interval!.Lower, interval.Upper), (x, y) =>
            Math.Abs(x.Item1 - y.Item1) < 1e-9 && Math.Abs(x.Item2 - y.Item2) < 1e-9);
    }

    [Fact]
    public void A_median_that_is_off_shifts_the_interval()
    {
        // Efron and Tibshirani 1993, (14.10) with a = 0. A value with the share 0.6 below has z0 = 0.2533471; the ends are the
        // percentiles Phi(2 z0 - 1.959964) = Phi(-1.4532697) = 0.0730745 and Phi(2.4666582) = 0.9931808.
        var replicates = Enumerable.Range(1, 999).Select(i => i / 1000.0).ToArray();

        var interval = BootstrapInterval.From(0.6, replicates, new());

        Assert.Equal(0.0730745, interval!.Lower, 0.0007);
        Assert.Equal(0.9931808, interval.Upper, 0.0003);
    }

    [Theory]
    [InlineData(0.02, false)]
    [InlineData(0.03, true)]
    [InlineData(0.97, true)]
    [InlineData(0.98, false)]
    public void Where_replicates_lie_to_one_side_of_the_value_there_is_none_that_leaves_it_out(double value, bool hasInterval)
    {
        var replicates = Enumerable.Range(1, 999).Select(i => i / 1000.0).ToArray();

        var interval = BootstrapInterval.From(value, replicates, new());

        Assert.Equal(hasInterval, interval is not null);
        Assert.True(interval is null || interval.Contains(value));
    }

    [Theory]
    [InlineData(19, 0.95, "ReplicateCountOutOfRange")]
    [InlineData(1_000_001, 0.95, "ReplicateCountOutOfRange")]
    [InlineData(100, 0.0, "ConfidenceLevelOutOfRange")]
    [InlineData(100, 95.0, "ConfidenceLevelOutOfRange")]
    [InlineData(100, double.NaN, "ConfidenceLevelOutOfRange")]
    public void Options_that_make_no_interval_are_errors(int replicates, double level, string id)
    {
        var error = Assert.Throws<SlcException>(() => Measure(GoldenCase.Load("tiny").ToSingle(), replicates, level: level));

        Assert.Equal((id, SlcErrorKind.InvalidArgument), (error.ErrorId, error.Kind));
    }

    [Fact]
    public void A_cancelled_bootstrap_stops()
    {
        var table = GoldenCase.Load("tiny").ToSingle();
        var metrics = SlcMetrics.Measure(table, cancellationToken: Stop);

        Assert.Throws<OperationCanceledException>(() => Bootstrap.AddIntervals(metrics, table, new(), new CancellationToken(canceled: true)));
    }

    private static SlcMetrics Measure(Logits logits, int replicates, int seed = 0, double level = 0.95) =>
        SlcMetrics.Measure(logits, new MetricsOptions { Bootstrap = new() { ReplicateCount = replicates, Seed = seed, ConfidenceLevel = level } }, Stop);

    /// <summary>The table whose rows are those of a resample, each as often as it was drawn.</summary>
    private static MemoryLogits Resample(RandomTable table, int seed, int replicate)
    {
        var counts = new int[table.Count];
        new StratifiedResample(table.Labels, table.ClassCount, seed).Draw(replicate, counts);
        var rows = Enumerable.Range(0, table.Count).SelectMany(i => Enumerable.Repeat(i, counts[i])).ToArray();
        return new MemoryLogits(
            rows.SelectMany(i => table.Values[(i * table.ClassCount)..((i + 1) * table.ClassCount)]).ToArray(),
            Array.ConvertAll(rows, i => table.Labels[i]), RandomTable.Names(table.ClassCount));
    }
}

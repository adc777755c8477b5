using FsCheck.Xunit;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Thresholds;
using Xunit;

namespace LogitSeparation.Core.Tests.Evaluation;

public sealed class SlcMetricsTests
{
    private const double Tolerance = 1e-12;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => GoldenCase.All;

    [Theory]
    [MemberData(nameof(Names))]
    public void Golden_cases_agree_with_scikit_learn(string name)
    {
        var golden = GoldenCase.Load(name);

        foreach (var logits in new Logits[] { golden.ToSingle(), golden.ToDouble(), new StreamedLogits(golden.ToSingle()) })
        {
            var metrics = SlcMetrics.Measure(logits, cancellationToken: Stop);

            Assert.Equal(golden.Metrics.MeanAp, metrics.Auprc, Tolerance);
            Assert.Equal(golden.Metrics.MeanTrapezoid, metrics.AuprcTrapezoid!.Value, Tolerance);
            Assert.Equal(golden.Metrics.MeanP90, metrics.PrecisionAt90, Tolerance);
            Assert.Equal(golden.Metrics.MeanP99, metrics.PrecisionAt99, Tolerance);
            Assert.Equal(golden.Metrics.Accuracy, metrics.Accuracy, Tolerance);
            AssertEqual(golden.Metrics.Ap, metrics.Class.Select(item => item.Auprc));
            AssertEqual(golden.Metrics.Trapezoid, metrics.Class.Select(item => item.AuprcTrapezoid));
            AssertEqual(golden.Metrics.P90, metrics.Class.Select(item => item.PrecisionAt90));
            AssertEqual(golden.Metrics.P99, metrics.Class.Select(item => item.PrecisionAt99));
            Assert.Equal(golden.Metrics.Ap.Count(ap => ap is null), metrics.AbsentClasses.Count);
        }
    }

    [Property]
    public void Random_tables_agree_with_the_definitions(int seed)
    {
        var table = RandomTable.FromSeed(seed);
        var recall = new Random(seed).NextDouble() * 0.999 + 0.001;
        var metrics = SlcMetrics.Measure(table.ToSingle(), new MetricsOptions { Recall = [recall] });

        for (var j = 0; j < table.ClassCount; j++)
        {
            var positive = Array.ConvertAll(table.Labels, label => label == j);
            var measured = metrics.Class[j];
            Assert.Equal(positive.Count(p => p), measured.Positives);
            if (measured.Positives == 0)
            {
                Assert.Null(measured.Auprc);
                Assert.All(measured.PrecisionAtRecall.Values, value => Assert.Null(value));
                continue;
            }

            var scores = Enumerable.Range(0, table.Count).Select(i => (double)table.Values[i * table.ClassCount + j]).ToArray();
            var (ap, trapezoid, precision) = BruteForce.Curve(scores, positive, recall);
            Assert.Equal(ap, measured.Auprc!.Value, Tolerance);
            Assert.Equal(trapezoid, measured.AuprcTrapezoid!.Value, Tolerance);
            Assert.Equal(precision, measured.PrecisionAtRecall[recall]!.Value, Tolerance);
        }

        var correct = Enumerable.Range(0, table.Count).Count(i => BruteForce.ArgMax(
            Array.ConvertAll(table.Values[(i * table.ClassCount)..((i + 1) * table.ClassCount)], z => (double)z)) == table.Labels[i]);
        Assert.Equal(correct / (double)table.Count, metrics.Accuracy);
    }

    [Property]
    public void Strictly_increasing_maps_change_nothing(int seed)
    {
        var table = RandomTable.FromSeed(seed);
        var plain = SlcMetrics.Measure(table.ToSingle());

        AssertSame(plain, SlcMetrics.Measure(table.ToDouble()));
        AssertSame(plain, SlcMetrics.Measure(table.ToDouble(z => 3 * z - 7)));
        AssertSame(plain, SlcMetrics.Measure(table.ToDouble(Math.Exp)));
        AssertSame(plain, SlcMetrics.Measure(table.ToDouble(z => z * 1e300)));
    }

    [Property]
    public void The_order_of_the_examples_changes_nothing(int seed)
    {
        var table = RandomTable.FromSeed(seed);

        AssertSame(SlcMetrics.Measure(table.ToSingle()), SlcMetrics.Measure(table.Shuffled(seed + 1)));
    }

    [Property]
    public void Reading_block_by_block_changes_nothing(int seed)
    {
        var table = RandomTable.FromSeed(seed);

        AssertSame(SlcMetrics.Measure(table.ToSingle()), SlcMetrics.Measure(new StreamedLogits(table.ToSingle())));
    }

    [Theory]
    [InlineData(3000, 300)]
    [InlineData(1000, 65)]
    [InlineData(17, 2000)]
    public void Tables_of_many_tiles_agree_with_the_definitions(int n, int k)
    {
        var table = RandomTable.Create(new Random(n), n, k);
        var metrics = SlcMetrics.Measure(table.ToSingle(), cancellationToken: Stop);

        foreach (var j in new[] { 0, 1, k / 2, k - 1 })
        {
            var positive = Array.ConvertAll(table.Labels, label => label == j);
            if (!positive.Contains(true))
                continue;
            var scores = Enumerable.Range(0, n).Select(i => (double)table.Values[i * k + j]).ToArray();
            var (ap, trapezoid, p90) = BruteForce.Curve(scores, positive, 0.9);
            Assert.Equal(ap, metrics.Class[j].Auprc!.Value, Tolerance);
            Assert.Equal(trapezoid, metrics.Class[j].AuprcTrapezoid!.Value, Tolerance);
            Assert.Equal(p90, metrics.Class[j].PrecisionAt90!.Value, Tolerance);
        }
    }

    [Property]
    public void More_measures_of_random_tables_agree_with_the_definitions(int seed)
    {
        var table = RandomTable.FromSeed(seed);
        var z = Array.ConvertAll(table.Values, value => (double)value);
        var metrics = SlcMetrics.Measure(table.ToSingle());
        var present = metrics.Class.Where(item => item.Positives > 0).ToList();

        Assert.Equal(BruteForce.TopAccuracy(z, table.Labels, table.ClassCount, 5), metrics.Top5Accuracy!.Value, Tolerance);
        Assert.Equal(BruteForce.UniformAccuracy(z, table.Labels, table.ClassCount), metrics.UniformAccuracy!.Value, Tolerance);
        Assert.Equal(metrics.UniformAccuracy == 1, Separation.Measure(table.ToSingle()).Holds);
        Assert.Equal(present.Sum(item => item.Positives * item.Auprc!.Value) / table.Count, metrics.AuprcWeighted!.Value, Tolerance);
        Assert.Equal(present.Sum(item => item.Positives * item.PrecisionAt99!.Value) / table.Count, metrics.PrecisionAt99Weighted!.Value, Tolerance);
        Assert.Equal(present.Sum(item => item.Positives * item.AuprcTrapezoid!.Value) / table.Count, metrics.AuprcTrapezoidWeighted!.Value, Tolerance);
        Assert.Equal(present.Sum(item => item.Positives * item.BestF1!.Value) / table.Count, metrics.BestF1Weighted!.Value, Tolerance);
        Assert.Equal(metrics.PrecisionAt99Weighted, metrics.PrecisionAtRecallWeighted[0.99]);
        Assert.Equal(metrics.Accuracy, present.Sum(item => item.Positives * item.Accuracy!.Value) / table.Count, Tolerance);
        Assert.Equal(metrics.Top5Accuracy!.Value, present.Sum(item => item.Positives * item.Top5Accuracy!.Value) / table.Count, Tolerance);
        Assert.Equal(metrics.UniformAccuracy!.Value, present.Sum(item => item.Positives * item.UniformAccuracy!.Value) / table.Count, Tolerance);
        Assert.Equal(present.Average(item => item.Accuracy!.Value), metrics.BalancedAccuracy!.Value, Tolerance);
        foreach (var item in present)
        {
            var own = Enumerable.Range(0, table.Count).Where(i => table.Labels[i] == item.Index).ToArray();
            var (ownZ, ownLabels) = (own.SelectMany(i => z[(i * table.ClassCount)..((i + 1) * table.ClassCount)]).ToArray(), Array.ConvertAll(own, _ => item.Index));
            Assert.Equal(BruteForce.TopAccuracy(ownZ, ownLabels, table.ClassCount, 1), item.Accuracy!.Value, Tolerance);
            Assert.Equal(BruteForce.TopAccuracy(ownZ, ownLabels, table.ClassCount, 5), item.Top5Accuracy!.Value, Tolerance);
            var best = ThresholdSearch.Measure(table.ToDouble(), item.Index);
            Assert.Equal((best.F1, best.Threshold), (item.BestF1!.Value, item.BestF1Threshold!.Value));
        }
    }

    [Fact]
    public async Task The_number_of_threads_changes_no_bit()
    {
        var logits = RandomTable.Create(new Random(3), 4000, 130).ToDouble(z => z / 3);
        var (metrics, separation) = LogitEvaluation.Measure(logits, witnessCount: 50, cancellationToken: Stop);
        // Parallel loops take over the scheduler that they are started from, and this one runs one task at a time.
        var single = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        var alone = await Task.Factory.StartNew(
            () => LogitEvaluation.Measure(new StreamedLogits(logits), witnessCount: 50), Stop, TaskCreationOptions.None, single);

        AssertSame(metrics, alone.Metrics);
        Assert.Equal(metrics.Class.Select(item => item.BestF1Threshold), alone.Metrics.Class.Select(item => item.BestF1Threshold));
        Assert.Equal(separation.ViolatingPairs, alone.Separation.ViolatingPairs);
        Assert.Equal(separation.Witness, alone.Separation.Witness);
        AssertSame(metrics, SlcMetrics.Measure(logits, cancellationToken: Stop));
        Assert.Equal(separation.Witness, Separation.Measure(logits, 50, cancellationToken: Stop).Witness);
    }

    [Fact]
    public void A_table_that_is_computed_anew_may_differ_in_the_last_bit()
    {
        var random = new Random(5);
        var labels = Enumerable.Range(0, 200).Select(_ => random.Next(4)).ToArray();
        var values = Enumerable.Range(0, 800).Select(i => random.NextDouble() + (labels[i / 4] == i % 4 ? 0.5 : 0)).ToArray();
        var logits = new MemoryLogits(values, labels, RandomTable.Names(4));

        // The logits are further apart than one bit, so no order changes, and no positive may be taken for a negative.
        AssertSame(SlcMetrics.Measure(logits, cancellationToken: Stop), SlcMetrics.Measure(new TremblingLogits(logits), cancellationToken: Stop));
    }

    [Fact]
    public void Recall_is_reached_as_double_division_says()
    {
        // 7 of 10 positives above all negatives: 7 / 10 >= 0.7 holds in double, so precision at 0.7 is 1.
        var scores = new float[] { 9, 9, 9, 9, 9, 9, 9, 1, 1, 1, 5, 5 };
        var labels = new[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1 };
        var values = scores.SelectMany(z => new[] { z, 0f }).ToArray();
        var metrics = SlcMetrics.Measure(
            new MemoryLogits(values, labels, ["a", "b"]), new MetricsOptions { Recall = [1, 0.7, 0.71, 0.7] }, Stop);

        Assert.Equal([0.7, 0.71, 0.9, 0.99, 1], metrics.PrecisionAtRecall.Keys);
        Assert.Equal(1, metrics.Class[0].PrecisionAtRecall[0.7]);
        Assert.Equal(10 / 12.0, metrics.Class[0].PrecisionAtRecall[0.71]);
    }

    [Fact]
    public void Absent_classes_are_said_and_left_out_of_the_means()
    {
        var metrics = SlcMetrics.Measure(
            new MemoryLogits([3f, 1, 9, 1, 3, 9], [0, 1], ["a", "b", "none"]), cancellationToken: Stop);

        Assert.Equal(["none"], metrics.AbsentClasses);
        Assert.Equal(1, metrics.Auprc);
        Assert.Equal(0, metrics.Accuracy);
        Assert.Null(metrics.Class[2].PrecisionAt90);
    }

    [Theory]
    [InlineData(MetricsScore.SingleLogit)]
    [InlineData(MetricsScore.AllLogits)]
    public void One_class_is_always_found(MetricsScore score)
    {
        var metrics = SlcMetrics.Measure(
            new MemoryLogits([3f, -1, 0], [0, 0, 0], ["only"]), new MetricsOptions { Score = score }, Stop);

        Assert.Equal((1.0, 1.0, 1.0, 1.0), (metrics.Auprc, metrics.PrecisionAt90, metrics.PrecisionAt99, metrics.Accuracy));
    }

    [Fact]
    public void One_example_is_found_or_not()
    {
        var metrics = SlcMetrics.Measure(
            new MemoryLogits([1f, 2], [0], ["a", "b"]), cancellationToken: Stop);

        Assert.Equal((1.0, 0.0), (metrics.Auprc, metrics.Accuracy));
        Assert.Equal(["b"], metrics.AbsentClasses);
    }

    [Fact]
    public void Infinities_rank_as_they_compare()
    {
        var inf = float.PositiveInfinity;
        var metrics = SlcMetrics.Measure(
            new MemoryLogits([inf, 0, -inf, 1, -1, inf], [0, 1, 1], ["a", "b"]), cancellationToken: Stop);

        Assert.Equal((1.0, 1.0, 1.0), (metrics.Auprc, metrics.PrecisionAt99, metrics.Accuracy));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(200, 2)]
    public void NaN_is_an_error_that_names_example_and_class(int example, int column)
    {
        var values = new float[300 * 3];
        values[example * 3 + column] = float.NaN;
        values[^1] = float.NaN;
        var logits = new MemoryLogits(values, new int[300], ["a", "b", "c"]);

        foreach (var measure in new Action[] { () => SlcMetrics.Measure(logits, null, Stop), () => Separation.Measure(logits, 5, cancellationToken: Stop) })
        {
            var error = Assert.Throws<SlcException>(measure);
            Assert.Equal("NaNLogit", error.ErrorId);
            Assert.Contains($"example {example} for class '{logits.ClassNames[column]}'", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_empty_table_is_an_error()
    {
        var empty = new MemoryLogits(Array.Empty<float>(), [], ["a", "b"]);

        Assert.Equal("LogitsEmpty", Assert.Throws<SlcException>(() => SlcMetrics.Measure(empty, null, Stop)).ErrorId);
        Assert.Equal("LogitsEmpty", Assert.Throws<SlcException>(() => Separation.Measure(empty, 5, cancellationToken: Stop)).ErrorId);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(1.0001)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_recall_out_of_range_is_an_error(double recall)
    {
        var logits = GoldenCase.Load("tiny").ToSingle();

        var error = Assert.Throws<SlcException>(() => SlcMetrics.Measure(logits, new MetricsOptions { Recall = [recall] }, Stop));
        Assert.Equal(("RecallOutOfRange", SlcErrorKind.InvalidArgument), (error.ErrorId, error.Kind));
    }

    [Fact]
    public void A_cancelled_measurement_stops()
    {
        var logits = GoldenCase.Load("tiny").ToSingle();
        Assert.Throws<OperationCanceledException>(() => SlcMetrics.Measure(logits, cancellationToken: new CancellationToken(canceled: true)));
    }

    private static void AssertEqual(IEnumerable<double?> expected, IEnumerable<double?> actual)
    {
        foreach (var (e, a) in expected.Zip(actual, (e, a) => (e, a)))
        {
            Assert.Equal(e is null, a is null);
            Assert.Equal(e ?? 0, a ?? 0, Tolerance);
        }
    }

    private static void AssertSame(SlcMetrics expected, SlcMetrics actual)
    {
        Assert.Equal(expected.Auprc, actual.Auprc);
        Assert.Equal(expected.AuprcTrapezoid, actual.AuprcTrapezoid);
        Assert.Equal(expected.PrecisionAtRecall, actual.PrecisionAtRecall);
        Assert.Equal(expected.Accuracy, actual.Accuracy);
        Assert.Equal(expected.Class.Select(item => item.Auprc), actual.Class.Select(item => item.Auprc));
    }
}

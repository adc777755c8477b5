using FsCheck.Xunit;
using LogitSeparation.Core.Evaluation;
using Xunit;

namespace LogitSeparation.Core.Tests.Evaluation;

public sealed class SeparationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => GoldenCase.All;

    [Theory]
    [MemberData(nameof(Names))]
    public void Golden_cases_agree(string name)
    {
        var golden = GoldenCase.Load(name);

        foreach (var logits in new Logits[] { golden.ToSingle(), golden.ToDouble(), new StreamedLogits(golden.ToSingle()) })
        {
            var report = Separation.Measure(logits, cancellationToken: Stop);

            Assert.Equal(golden.Metrics.Holds, report.Holds);
            Assert.Equal(golden.Metrics.MinTrue, report.MinTrueLogit);
            Assert.Equal(golden.Metrics.MaxFalse, report.MaxFalseLogit);
            Assert.Equal(golden.Metrics.MinTrue - golden.Metrics.MaxFalse, report.Margin);
            Assert.Equal(golden.Metrics.ViolatingPairs, report.ViolatingPairs);
            Assert.Equal(golden.Metrics.Pairs, report.Pairs);
            Assert.Equal(Math.Min(5, golden.Metrics.ViolatingPairs), report.Witness.Count);
        }
    }

    [Property]
    public void Random_tables_agree_with_the_definition(int seed)
    {
        var table = RandomTable.FromSeed(seed);
        var k = table.ClassCount;
        var z = Array.ConvertAll(table.Values, value => (double)value);
        var violations = BruteForce.Violations(z, table.Labels, k);
        var count = new Random(seed).Next(0, 30);

        var report = Separation.Measure(table.ToSingle(), count);

        Assert.Equal(violations.Count, report.ViolatingPairs);
        Assert.Equal(violations.Count == 0, report.Holds);
        Assert.Equal(Math.Min(count, violations.Count), report.Witness.Count);
        Assert.Equal(
            violations.Select(pair => pair.Difference).OrderDescending().Take(count), report.Witness.Select(item => item.Difference));
        Assert.Distinct(report.Witness.Select(item => (item.TrueExample, item.FalseExample, item.FalseClassIndex)));
        foreach (var item in report.Witness)
        {
            Assert.Equal(table.Labels[item.TrueExample], item.TrueClassIndex);
            Assert.NotEqual(table.Labels[item.FalseExample], item.FalseClassIndex);
            Assert.Equal(z[item.TrueExample * k + item.TrueClassIndex], item.TrueLogit);
            Assert.Equal(z[item.FalseExample * k + item.FalseClassIndex], item.FalseLogit);
            Assert.Equal($"c{item.FalseClassIndex}", item.FalseClass);
        }
    }

    [Property]
    public void Each_class_by_itself_agrees_with_the_definition(int seed)
    {
        var table = RandomTable.FromSeed(seed);
        var (k, n) = (table.ClassCount, table.Labels.Length);
        var z = Array.ConvertAll(table.Values, value => (double)value);
        foreach (var logits in new Logits[] { table.ToSingle(), table.ToDouble(), new StreamedLogits(table.ToSingle()) })
        {
            var report = Separation.Measure(logits, byClass: true);
            Assert.Equal(k, report.Class!.Count);
            for (var j = 0; j < k; j++)
            {
                var own = Enumerable.Range(0, n).Where(i => table.Labels[i] == j).Select(i => z[(i * k) + j]).ToArray();
                var others = Enumerable.Range(0, n).Where(i => table.Labels[i] != j).Select(i => z[(i * k) + j]).ToArray();
                var found = report.Class[j];
                Assert.Equal(($"c{j}", j, own.Length, (long)own.Length * others.Length), (found.Name, found.Index, found.Positives, found.Pairs));
                Assert.Equal(own.Sum(t => others.LongCount(f => t <= f)), found.ViolatingPairs);
                Assert.Equal(found.ViolatingPairs == 0, found.Holds);
                if (found.Pairs > 0)
                    Assert.Equal((own.Min(), others.Max(), own.Min() - others.Max()), (found.MinTrueLogit, found.MaxFalseLogit, found.Margin));
                Assert.Equal(found.Holds && own.Length > 0, found.Threshold is not null);
            }

            // The principle is the stronger of the two, and the same numbers come without the classes.
            Assert.Equal(report.Class.All(item => item.Holds), report.HoldsByClass);
            Assert.True(!report.Holds || report.HoldsByClass!.Value);
            Assert.Equal(report.ViolatingPairs, Separation.Measure(logits).ViolatingPairs);
            Assert.Null(Separation.Measure(logits).Class);
        }
    }

    [Property(MaxTest = 300)]
    public void No_smaller_set_of_examples_makes_it_hold(int seed)
    {
        // Few logits, among few values, so that ties and every kind of overlap come up.
        var random = new Random(seed);
        var (n, k) = (random.Next(1, 9), random.Next(2, 4));
        var labels = Enumerable.Range(0, n).Select(_ => random.Next(k)).ToArray();
        var values = Enumerable.Range(0, n * k).Select(at => random.Next(5) + (labels[at / k] == at % k ? random.Next(4) : 0f)).ToArray();
        var report = Separation.Measure(new MemoryLogits(values, labels, [.. Enumerable.Range(0, k).Select(j => $"c{j}")]));

        var smallest = Enumerable.Range(0, 1 << n).Where(Holds).Max(kept => System.Numerics.BitOperations.PopCount((uint)kept));
        Assert.Equal(n - smallest, report.RemovalCount);
        Assert.True(Holds(((1 << n) - 1) & ~report.Removal.Sum(i => 1 << i)));
        Assert.Equal(report.Removal.Order().Distinct(), report.Removal);
        Assert.Equal(smallest / (double)n, report.UniformAccuracy, 12);
        Assert.Equal(smallest == 0, report.UniformThreshold is null);

        // Definition 2.1 over the examples that are kept.
        bool Holds(int kept)
        {
            var cells = Enumerable.Range(0, n * k).Where(at => (kept >> (at / k) & 1) == 1).ToArray();
            var trues = cells.Where(at => labels[at / k] == at % k).Select(at => values[at]).DefaultIfEmpty(float.PositiveInfinity).Min();
            return cells.Where(at => labels[at / k] != at % k).All(at => trues > values[at]);
        }
    }

    [Property]
    public void Strictly_increasing_maps_and_the_order_of_examples_change_no_count(int seed)
    {
        var table = RandomTable.FromSeed(seed);
        var report = Separation.Measure(table.ToSingle());

        foreach (var other in new[] { table.ToDouble(z => 5 * z + 1), table.ToDouble(Math.Exp), table.Shuffled(seed) })
        {
            var mapped = Separation.Measure(other);
            Assert.Equal((report.Holds, report.ViolatingPairs, report.Pairs), (mapped.Holds, mapped.ViolatingPairs, mapped.Pairs));
        }
    }

    [Fact]
    public void Every_threshold_of_the_interval_separates()
    {
        var golden = GoldenCase.Load("separated");
        var threshold = Separation.Measure(golden.ToSingle(), cancellationToken: Stop).Threshold;

        Assert.NotNull(threshold);
        foreach (var t in new[] { threshold.From, Math.BitDecrement(threshold.Below) })
        {
            for (var i = 0; i < golden.Logits.Length; i++)
                Assert.Equal(golden.Labels[i / golden.ClassCount] == i % golden.ClassCount, golden.Logits[i] > t);
        }
    }

    [Fact]
    public void Equality_is_a_violation()
    {
        var report = Separation.Measure(new MemoryLogits([1f, 0, 0, 1, 2, 1], [0, 1, 0], ["a", "b"]), 9, cancellationToken: Stop);

        Assert.False(report.Holds);
        Assert.Null(report.Threshold);
        Assert.Equal(0, report.Margin);
        // The false logit 1 of example 2 is not below the true logits 1 of examples 0 and 1.
        Assert.Equal(2, report.ViolatingPairs);
        Assert.Equal([(0, 2), (1, 2)], report.Witness.Select(item => (item.TrueExample, item.FalseExample)));
        Assert.All(report.Witness, item => Assert.Equal(0, item.Difference));
    }

    [Fact]
    public void One_class_separates_without_pairs()
    {
        var report = Separation.Measure(
            new MemoryLogits([1.0, double.NegativeInfinity], [0, 0], ["only"]), cancellationToken: Stop);

        Assert.True(report.Holds);
        Assert.Equal((0L, 0L, 0.0), (report.Pairs, report.ViolatingPairs, report.ViolatingShare));
        Assert.Equal((double.PositiveInfinity, double.NegativeInfinity), (report.Margin, report.MaxFalseLogit));
    }

    [Fact]
    public void One_example_separates_or_not()
    {
        Assert.True(Separation.Measure(new MemoryLogits([1f, 2], [1], ["a", "b"]), cancellationToken: Stop).Holds);
        Assert.False(Separation.Measure(new MemoryLogits([1f, 2], [0], ["a", "b"]), cancellationToken: Stop).Holds);
    }

    [Fact]
    public void Equal_infinities_are_a_violation_without_difference()
    {
        var inf = double.PositiveInfinity;
        var report = Separation.Measure(new MemoryLogits([inf, inf], [0], ["a", "b"]), cancellationToken: Stop);

        Assert.False(report.Holds);
        Assert.Equal((0.0, 1L), (report.Margin, report.ViolatingPairs));
        Assert.Equal(0, Assert.Single(report.Witness).Difference);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void A_witness_count_out_of_range_is_an_error(int count) =>
        Assert.Equal("WitnessCountOutOfRange", Assert.Throws<SlcException>(() => Separation.Measure(GoldenCase.Load("tiny").ToSingle(), count, cancellationToken: Stop)).ErrorId);

    [Fact]
    public void What_is_known_of_the_logits_is_carried_along()
    {
        var logits = new MemoryLogits([1f, 2], [1], ["a", "b"]) { Dataset = "Digits", Split = Core.Data.Split.Validation, Loss = "BatchCE" };
        var report = Separation.Measure(logits, cancellationToken: Stop);
        var metrics = SlcMetrics.Measure(logits, cancellationToken: Stop);

        Assert.Equal(("Digits", "Validation", "BatchCE"), (report.Dataset, report.Split.ToString(), report.Loss));
        Assert.Equal(("Digits", "Validation", "BatchCE"), (metrics.Dataset, metrics.Split.ToString(), metrics.Loss));
    }
}

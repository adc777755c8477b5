using FsCheck.Xunit;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Tests.Evaluation;
using LogitSeparation.Core.Thresholds;
using Xunit;

namespace LogitSeparation.Core.Tests.Thresholds;

public sealed class ThresholdSearchTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly float[] Scores = [5, 4, 3, 2, 1];

    /// <summary>Positives at 5, 3 and 2; others at 4 and 1.</summary>
    private static readonly MemoryLogits Five = new([.. Scores.SelectMany(z => new[] { z, 0f })], [0, 1, 0, 0, 1], ["a", "b"]);

    [Fact]
    public void The_default_is_the_best_F1()
    {
        var threshold = ThresholdSearch.Measure(Five, 0, cancellationToken: Stop);

        // z > 1.5 selects 5, 4, 3, 2: TP 3, FP 1.
        Assert.Equal(("a", 1.5, 0.75, 1.0, 4), (threshold.Class, threshold.Threshold, threshold.Precision, threshold.Recall, threshold.Selected));
        Assert.Equal(6 / 7.0, threshold.F1);
        Assert.Equal((3, 5), (threshold.Positives, threshold.Count));
    }

    [Fact]
    public void Precision_and_recall_can_be_asked_for()
    {
        var precise = ThresholdSearch.Measure(Five, 0, new() { Target = ThresholdTarget.Precision(1) }, Stop);
        var some = ThresholdSearch.Measure(Five, 0, new() { Target = ThresholdTarget.Recall(0.3) }, Stop);
        var most = ThresholdSearch.Measure(Five, 0, new() { Target = ThresholdTarget.Recall(0.6) }, Stop);

        Assert.Equal((4.5, 1.0, 1 / 3.0), (precise.Threshold, precise.Precision, precise.Recall));
        Assert.Equal(4.5, some.Threshold);
        Assert.Equal((1.5, 0.75), (most.Threshold, most.Precision));
    }

    [Property]
    public void The_threshold_does_what_it_says_and_none_does_better(int seed)
    {
        var random = new Random(seed);
        var table = RandomTable.FromSeed(seed);
        var j = table.Labels[0];
        var target = random.Next(4) switch
        {
            3 => ThresholdTarget.Cost(random.NextDouble() * 3 + 0.01),
            0 => ThresholdTarget.F1,
            1 => ThresholdTarget.Precision(0.01),
            _ => ThresholdTarget.Recall(1 - random.NextDouble()),
        };
        var chosen = ThresholdSearch.Measure(table.ToSingle(), j, new() { Target = target });

        var column = Enumerable.Range(0, table.Count).Select(i => (double)table.Values[i * table.ClassCount + j]).ToArray();
        var all = column.Append(double.NegativeInfinity).Distinct().Select(t => Measure(t)).Where(item => item.Selected > 0).ToList();
        var own = Measure(chosen.Threshold);
        if (chosen.Selected > 0)
            Assert.Equal(own, (chosen.Precision, chosen.Recall, chosen.F1, chosen.Selected));
        switch (target.Measure)
        {
            case ThresholdMeasure.F1:
                Assert.Equal(all.Max(item => item.F1), chosen.F1);
                break;
            case ThresholdMeasure.Precision when all.Any(item => item.Precision >= target.Value):
                Assert.Equal(all.Where(item => item.Precision >= target.Value).Max(item => item.Recall), chosen.Recall);
                break;
            case ThresholdMeasure.Recall:
                Assert.Equal(all.Where(item => item.Recall >= target.Value).Max(item => item.Precision), chosen.Precision);
                break;
            case ThresholdMeasure.Cost:
                Assert.Equal(column.Append(double.NegativeInfinity).Min(Cost), Cost(chosen.Threshold));
                Assert.Equal(column.Count(z => z > chosen.Threshold), chosen.Selected);
                break;
        }

        double Cost(double t) => Enumerable.Range(0, table.Count)
            .Sum(i => column[i] > t ? (table.Labels[i] == j ? 0 : target.Value!.Value) : table.Labels[i] == j ? 1 : 0);

        (double Precision, double Recall, double F1, long Selected) Measure(double t)
        {
            var selected = Enumerable.Range(0, table.Count).Where(i => column[i] > t).ToList();
            var hits = selected.Count(i => table.Labels[i] == j);
            var positives = table.Labels.Count(label => label == j);
            return (hits / (double)selected.Count, hits / (double)positives, 2.0 * hits / (selected.Count + positives), selected.Count);
        }
    }

    [Fact]
    public void Neighbouring_numbers_are_still_told_apart()
    {
        var upper = 1.0;
        var lower = Math.BitDecrement(upper);
        var threshold = ThresholdSearch.Measure(
            new MemoryLogits([upper, 0, lower, 0], [0, 1], ["a", "b"]), 0, cancellationToken: Stop);

        Assert.Equal((1.0, 1), (threshold.F1, threshold.Selected));
        Assert.True(upper > threshold.Threshold && !(lower > threshold.Threshold));
    }

    [Fact]
    public void The_middle_of_the_largest_numbers_does_not_overflow()
    {
        var threshold = ThresholdSearch.Measure(
            new MemoryLogits([double.MaxValue, 0, double.MaxValue / 2, 0], [0, 1], ["a", "b"]), 0, cancellationToken: Stop);

        Assert.Equal(double.MaxValue * 0.75, threshold.Threshold);
    }

    [Fact]
    public void What_cannot_be_had_is_an_error()
    {
        Logits one = new MemoryLogits([1f, 5, 2, 0], [0, 1], ["a", "b"]);

        var precision = Assert.Throws<SlcException>(() => ThresholdSearch.Measure(one, 0, new() { Target = ThresholdTarget.Precision(0.9) }, Stop));
        Assert.Equal("PrecisionUnreachable", precision.ErrorId);
        Assert.Contains("0.5", precision.Message, StringComparison.Ordinal);
        Assert.Equal("ClassOutOfRange", Assert.Throws<SlcException>(() => ThresholdSearch.Measure(one, 2, null, Stop)).ErrorId);
        Assert.Equal("ClassOutOfRange", Assert.Throws<SlcException>(() => ThresholdSearch.Measure(one, -1, null, Stop)).ErrorId);
        Assert.Equal("ThresholdTargetOutOfRange", Assert.Throws<SlcException>(() => ThresholdTarget.Recall(0)).ErrorId);
        Assert.Equal("ThresholdTargetOutOfRange", Assert.Throws<SlcException>(() => ThresholdTarget.Precision(double.NaN)).ErrorId);
        var absent = new MemoryLogits([1f, 5], [0], ["a", "b"]);
        Assert.Equal("ClassWithoutPositives", Assert.Throws<SlcException>(() => ThresholdSearch.Measure(absent, 1, null, Stop)).ErrorId);
        var nan = new MemoryLogits([float.NaN, 5], [0], ["a", "b"]);
        Assert.Equal("NaNLogit", Assert.Throws<SlcException>(() => ThresholdSearch.Measure(nan, 0, null, Stop)).ErrorId);
        var low = new MemoryLogits([float.NegativeInfinity, 5], [0], ["a", "b"]);
        Assert.Equal("RecallUnreachable", Assert.Throws<SlcException>(() => ThresholdSearch.Measure(low, 0, new() { Target = ThresholdTarget.Recall(1) }, Stop)).ErrorId);
    }
}

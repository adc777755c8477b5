using FsCheck.Xunit;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Tests.Evaluation;
using LogitSeparation.Core.Thresholds;
using Xunit;

namespace LogitSeparation.Core.Tests.Thresholds;

public sealed class UniformThresholdTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Property]
    public void One_threshold_for_all_classes_is_one_for_all_their_logits_as_a_class(int seed)
    {
        var random = new Random(seed);
        var table = RandomTable.FromSeed(seed);
        var target = random.Next(4) switch
        {
            0 => ThresholdTarget.F1,
            1 => ThresholdTarget.Precision(0.01),
            2 => ThresholdTarget.Recall(1 - random.NextDouble()),
            _ => ThresholdTarget.Cost(random.NextDouble() * 3 + 0.01),
        };
        var options = new ThresholdOptions { Target = target, Prevalence = random.Next(2) == 0 ? null : 0.3 };
        var (n, k) = (table.Count, table.ClassCount);
        var labels = Enumerable.Range(0, n * k).Select(i => table.Labels[i / k] == i % k ? 0 : 1).ToArray();
        var flat = new MemoryLogits([.. table.Values.SelectMany(z => new double[] { z, 0 })], labels, ["true", "false"]);

        var expected = ThresholdSearch.Measure(flat, 0, options, Stop) with { Class = null, Index = null, Calibration = null };
        Assert.Equal(expected, ThresholdSearch.MeasureUniform(table.ToDouble(), options, Stop));
    }

    [Fact]
    public void Another_prevalence_is_that_of_examples_counted_more_often()
    {
        // Positives at 5, 3, 2; others at 4, 1. With a share of 0.3 the two others count 3.5 times each.
        var table = new MemoryLogits([.. new float[] { 5, 4, 3, 2, 1 }.SelectMany(z => new[] { z, 0f })], [0, 1, 0, 0, 1], ["a", "b"]);
        var found = ThresholdSearch.Measure(table, 0, new() { Target = ThresholdTarget.Recall(1), Prevalence = 0.3 }, Stop);
        Assert.Equal(3 / (3 + 3.5), found.Precision, 1e-15);
        Assert.Equal(2 * 3 / (3 + 3.5 + 3), found.F1, 1e-15);
        Assert.Equal((4L, 3L, 1.0), (found.Selected, found.TruePositives, found.Recall));

        // At equal costs the wrong one above 3 and 2 is too dear, where it counts so much.
        Assert.Equal(1.5, ThresholdSearch.Measure(table, 0, new() { Target = ThresholdTarget.Cost(1) }, Stop).Threshold);
        Assert.Equal(4.5, ThresholdSearch.Measure(table, 0, new() { Target = ThresholdTarget.Cost(1), Prevalence = 0.3 }, Stop).Threshold);
    }

    [Fact]
    public void Many_classes_are_read_together_and_one_without_examples_ends_none_of_the_others()
    {
        var table = new MemoryLogits([3f, 1, 0, 2, 5, 1], [0, 1], ["a", "b", "c"]);
        var found = ThresholdSearch.MeasureAll(table, [2, 0, 1], null, Stop).ToList();
        Assert.Equal("ClassWithoutPositives", Assert.Throws<SlcException>(() => found[0]()).ErrorId);
        Assert.Equal(("a", 2.5), (found[1]().Class, found[1]().Threshold));
        Assert.Equal(("b", 3.0), (found[2]().Class, found[2]().Threshold));
    }

    [Fact]
    public void A_NaN_in_one_class_ends_none_of_the_others()
    {
        var table = new MemoryLogits([3f, float.NaN, 0, 1], [0, 1], ["a", "b"]);
        var found = ThresholdSearch.MeasureAll(table, [1, 0], null, Stop).ToList();
        var error = Assert.Throws<SlcException>(() => found[0]());
        Assert.Equal("NaNLogit", error.ErrorId);
        Assert.Contains("example 0 for class 'b'", error.Message, StringComparison.Ordinal);
        Assert.Equal(("a", 1.5), (found[1]().Class, found[1]().Threshold));
    }

    [Fact]
    public void Where_every_selection_costs_more_than_it_saves_nothing_is_selected()
    {
        var table = new MemoryLogits([1f, 0, 2, 0, 3, 0], [0, 1, 1], ["a", "b"]);
        var found = ThresholdSearch.Measure(table, 0, new() { Target = ThresholdTarget.Cost(1) }, Stop);
        Assert.Equal((3.0, 0L, 1.0, 0.0), (found.Threshold, found.Selected, found.Precision, found.F1));
    }
}

using FsCheck.Xunit;
using LogitSeparation.Core.Losses;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Losses;

/// <summary>What must hold of the losses on any logits.</summary>
public sealed class LossPropertyTests
{
    /// <summary>By rows, by tables as a GPU has them, and by exact tables.</summary>
    private static readonly (torch.ScalarType Type, bool AsTable)[] Ways =
        [(torch.ScalarType.Float32, false), (torch.ScalarType.Float32, true), (torch.ScalarType.Float64, true)];

    public static TheoryData<string> Names => [.. LossCatalog.Known.Select(info => info.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradient_is_the_central_difference(string name)
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var (m, k) = (2 + (seed % 5), 2 + (seed % 7));
            var (logits, labels) = LossHarness.RandomBatch(seed, m, k);
            var counts = Enumerable.Range(0, k).Select(j => j + 1).ToArray();
            var options = LossVariants.All[seed % LossVariants.All.Length];
            double Loss(double[] z) => LossHarness.Evaluate(name, z, labels, k, options: options, counts: counts, step: seed).Value;
            var gradient = LossHarness.Evaluate(name, logits, labels, k, options: options, counts: counts, step: seed).Gradient;
            for (var i = 0; i < gradient.Length; i++)
                Assert.InRange(Math.Abs(gradient[i] - LossHarness.Slope(Loss, logits, i)), 0, 1e-8);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Value_is_finite_for_logits_of_any_finite_size(string name)
    {
        foreach (var size in new[] { 1e3, 1e6, 1e30 })
        {
            var (logits, labels) = LossHarness.RandomBatch(7, 6, 5, size);
            foreach (var (type, asTable) in Ways)
            {
                var (value, gradient) = LossHarness.Evaluate(name, logits, labels, 5, type, asTable: asTable);
                Assert.True(double.IsFinite(value), $"{name} is {value} for logits of size {size}");
                Assert.True(value >= 0, $"{name} is {value} for logits of size {size}");
                Assert.All(gradient, slope => Assert.True(double.IsFinite(slope)));
            }
        }
    }

    [Theory]
    [InlineData(1e6)]
    [InlineData(1e14)]
    [InlineData(1e30)]
    [InlineData(-1e30)]
    public void Losses_of_differences_do_not_depend_on_the_size_of_equal_logits(double size)
    {
        // All logits equal: Q is uniform, so CE and BatchCE are log k; every margin is violated by γ.
        const int k = 3, m = 4;
        int[] labels = [0, 1, 2, 1];
        var logits = Enumerable.Repeat((double)(float)size, m * k).ToArray();
        foreach (var (type, asTable) in Ways)
        {
            foreach (var name in new[] { "CE", "BatchCE" })
            {
                var (value, gradient) = LossHarness.Evaluate(name, logits, labels, k, type, asTable: asTable);
                Assert.Equal(Math.Log(k), value, 1e-6);
                for (var i = 0; i < gradient.Length; i++)
                    Assert.Equal(((1.0 / k) - (i % k == labels[i / k] ? 1 : 0)) / m, gradient[i], 1e-6);
            }

            Assert.Equal(1, LossHarness.Evaluate("MaxMargin", logits, labels, k, type, asTable: asTable).Value);
            Assert.Equal(1 + (1.0 / m), LossHarness.Evaluate("BatchMaxMargin", logits, labels, k, type, asTable: asTable).Value);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Self_normalization_of_the_largest_logits_has_a_finite_gradient(bool asTable)
    {
        foreach (var alpha in new[] { 1.5, 10 })
        {
            var (value, gradient) = LossHarness.Evaluate(
                "SelfNorm", [3e38, -3e38, 1, 3e38], [0, 1], 2, torch.ScalarType.Float32, new() { Alpha = alpha }, asTable: asTable);
            Assert.True(double.IsFinite(value));
            Assert.All(gradient, slope => Assert.True(double.IsFinite(slope)));
            Assert.Equal(0, gradient[1]);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sums_beyond_float32_are_finite(bool asTable)
    {
        var (m, k) = (2, 100);
        var logits = Enumerable.Repeat(1e37, m * k).ToArray();
        Assert.Equal(99e37, LossHarness.Evaluate("BinaryCE", logits, new int[m], k, torch.ScalarType.Float32, asTable: asTable).Value, 1e33);
        Assert.Equal(5e37, LossHarness.Evaluate("NCE", logits, new int[m], k, torch.ScalarType.Float32, asTable: asTable).Value, 1e33);
        logits[1] = 3e38;
        var absent = new LossOptions { NoisePrior = NoisePrior.ClassFrequency };
        int[] counts = [1, 0, .. Enumerable.Repeat(1, k - 2)];
        Assert.True(double.IsFinite(LossHarness.Evaluate("NCE", logits, new int[m], k, torch.ScalarType.Float32, absent, counts, asTable: asTable).Value));
    }

    [Property(MaxTest = 30)]
    public void Losses_are_not_negative_but_for_the_batch_divergence_with_epsilon(int seed)
    {
        var (logits, labels) = LossHarness.RandomBatch(seed, 5, 4, 8);
        foreach (var info in LossCatalog.Known)
            Assert.True(LossHarness.Evaluate(info.Name, logits, labels, 4).Value >= -1e-12, info.Name);
    }

    [Property(MaxTest = 30)]
    public void Shifting_one_row_changes_only_losses_that_compare_examples(int seed)
    {
        var (logits, labels) = LossHarness.RandomBatch(seed, 4, 3);
        double Difference(string name, double by = 20) => LossHarness.Evaluate(name, Shifted(by), labels, 3).Value - LossHarness.Evaluate(name, logits, labels, 3).Value;
        Assert.All(LossCatalog.Known.Where(info => !info.Aligned), info => Assert.InRange(Math.Abs(Difference(info.Name)), 0, 1e-11));
        Assert.All(LossCatalog.Known.Where(info => info.Aligned && info.Name != "SmoothAP"),
            info => Assert.True(Math.Abs(Difference(info.Name)) > 1e-3, info.Name));

        // A row that rises ranks its own true logit before others and its false ones before other rows' true ones, and the two may cancel in
        // SmoothAP; they do not when the row falls as well.
        Assert.True(Math.Max(Math.Abs(Difference("SmoothAP")), Math.Abs(Difference("SmoothAP", -20))) > 1e-6);

        double[] Shifted(double by) => [.. logits.Select((z, i) => i < 3 ? z + by : z)];
    }

    [Property(MaxTest = 30)]
    public void Self_normalization_is_cross_entropy_plus_the_squared_log_normalizer(int seed)
    {
        var (logits, labels) = LossHarness.RandomBatch(seed, 3, 6);
        var expected = LossHarness.Evaluate("CE", logits, labels, 6).Value
            + (0.7 * Enumerable.Range(0, 3).Average(i => Math.Pow(Math.Log(logits.Skip(6 * i).Take(6).Sum(Math.Exp)), 2)));
        var value = LossHarness.Evaluate("SelfNorm", logits, labels, 6, options: new() { Alpha = 0.7 }).Value;
        Assert.Equal(expected, value, 1e-10);
    }

    [Fact]
    public void The_papers_counterexample_has_any_small_cross_entropy_and_max_margin()
    {
        const double alpha = 12;
        double[] logits = [2 * alpha, alpha, -2 * alpha, -alpha];
        Assert.Equal(Math.Log(1 + Math.Exp(-alpha)), LossHarness.Evaluate("CE", logits, [0, 1], 2).Value, 1e-15);
        Assert.Equal(0, LossHarness.Evaluate("MaxMargin", logits, [0, 1], 2, options: new() { Gamma = alpha }).Value);
        Assert.Equal(3 * alpha / 2, LossHarness.Evaluate("BatchMaxMargin", logits, [0, 1], 2, options: new() { Gamma = alpha }).Value, 1e-12);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(128)]
    public void Batch_cross_entropy_at_the_edge_of_the_principle_is_log_2_over_m(int m)
    {
        // All true logits at 0 but one; that one and one false logit at -log 2; the other false logits far below.
        var logits = Enumerable.Repeat(-1e4, m * 3).ToArray();
        for (var i = 0; i < m; i++)
            logits[3 * i] = i == 0 ? -Math.Log(2) : 0;
        logits[1] = -Math.Log(2);
        Assert.Equal(Math.Log(2) / m, LossHarness.Evaluate("BatchCE", logits, new int[m], 3).Value, 1e-13);
    }

    [Fact]
    public void Nce_has_its_infimum_where_the_true_logit_is_0()
    {
        // With false logits far below, the loss of the true logit is -log g - t q log(1 - g), least at g = 1 / (1 + t q), z = 0.
        var (t, q) = (5.0, 1.0 / 4);
        var g = 1 / (1 + (t * q));
        double[] logits = [0, -1e3, -1e3, -1e3];
        var (value, gradient) = LossHarness.Evaluate("NCE", logits, [0], 4);
        Assert.Equal(-Math.Log(g) - (t * q * Math.Log(1 - g)), value, 1e-12);
        Assert.Equal(0, gradient[0], 1e-14);
    }

    [Fact]
    public void Sampled_nce_is_the_exact_loss_on_average()
    {
        var (logits, labels) = LossHarness.RandomBatch(11, 64, 5);
        int[] counts = [1, 2, 3, 4, 0];
        labels = Array.ConvertAll(labels, label => label % 4);
        foreach (var prior in Enum.GetValues<NoisePrior>())
        {
            var options = new LossOptions { NoisePrior = prior };
            var exact = LossHarness.Evaluate("NCE", logits, labels, 5, options: options, counts: counts).Value;
            var draws = Enumerable.Range(0, 400).Select(step => LossHarness.Evaluate(
                "NCE", logits, labels, 5, options: options with { NoiseSampling = NoiseSampling.Sampled }, counts: counts, step: step).Value).ToArray();
            var deviation = Math.Sqrt(draws.Sum(draw => Math.Pow(draw - draws.Average(), 2)) / 399);
            Assert.InRange(Math.Abs(draws.Average() - exact), 0, 4 * deviation / 20);
            Assert.True(deviation > 1e-3);
        }
    }

    [Fact]
    public void A_class_that_noise_never_draws_has_no_slope_and_no_nan()
    {
        var (logits, labels) = LossHarness.RandomBatch(5, 6, 3);
        labels = Array.ConvertAll(labels, _ => 0);
        foreach (var sampling in Enum.GetValues<NoiseSampling>())
        {
            var options = new LossOptions { NoisePrior = NoisePrior.ClassFrequency, NoiseSampling = sampling };
            var (value, gradient) = LossHarness.Evaluate("NCE", logits, labels, 3, options: options, counts: [5, 5, 0]);
            Assert.True(double.IsFinite(value));
            Assert.All(Enumerable.Range(0, 6), i => Assert.Equal(0, gradient[(3 * i) + 2]));
        }
    }

    [Fact]
    public void With_one_class_every_loss_has_a_value()
    {
        foreach (var info in LossCatalog.Known)
            Assert.True(double.IsFinite(LossHarness.Evaluate(info.Name, [1.5, -2], [0, 0], 1).Value), info.Name);
        Assert.Equal(0, LossHarness.Evaluate("MaxMargin", [1.5, -2], [0, 0], 1).Value);
    }

    [Fact]
    public void Epsilon_0_is_the_paper_and_a_small_one_is_near()
    {
        var (logits, labels) = LossHarness.RandomBatch(2, 5, 4);
        var exact = LossHarness.Evaluate("BatchCE", logits, labels, 4).Value;
        var near = LossHarness.Evaluate("BatchCE", logits, labels, 4, options: new() { Epsilon = 1e-9 }).Value;
        Assert.InRange(exact - near, 1e-10, 1e-6);
    }
}

using LogitSeparation.Core.Losses;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Losses;

/// <summary>The losses by rows (float32, CPU) against the same losses by tables (float64), on the same logits.</summary>
public sealed class LossRowTests
{
    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (var info in LossCatalog.Known)
            {
                for (var variant = 0; variant < LossVariants.All.Length; variant++)
                    cases.Add(info.Name, variant);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rows_agree_with_tables(string name, int variant)
    {
        // Widths around the vectors and stretches that rows are cut into, and one that is shared among threads.
        foreach (var (m, k) in new[] { (2, 1), (3, 2), (5, 7), (4, 8), (4, 17), (3, 511), (3, 512), (2, 1025), (40, 1000) })
        {
            foreach (var spread in new[] { 0.01, 3, 60 })
            {
                var (logits, labels) = LossHarness.RandomBatch((m * k) + variant, m, k, spread);
                logits = Array.ConvertAll(logits, z => (double)(float)z);
                var counts = Enumerable.Range(0, k).Select(j => labels.Contains(j) ? 3 : j % 3).ToArray();
                var (value, gradient) = LossHarness.Evaluate(name, logits, labels, k, torch.ScalarType.Float32, LossVariants.All[variant], counts, step: 4);
                var (expected, expectedGradient) = LossHarness.Evaluate(name, logits, labels, k, torch.ScalarType.Float64, LossVariants.All[variant], counts, step: 4);
                Assert.InRange(Math.Abs(value - expected), 0, 1e-6 * (1 + Math.Abs(expected)));

                // A probability near 1 has a rounding of float32 in its difference from 1, times what self-normalisation makes of it.
                var tolerance = (2e-6 * expectedGradient.Max(Math.Abs)) + (2e-7 * (1 + (5 * spread)) / m);
                for (var i = 0; i < gradient.Length; i++)
                    Assert.InRange(Math.Abs(gradient[i] - expectedGradient[i]), 0, tolerance);
            }
        }
    }

    public static TheoryData<string> Names => [.. LossCatalog.Known.Select(info => info.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_logit_that_is_not_a_number_makes_the_loss_none(string name)
    {
        foreach (var at in Enumerable.Range(0, 6))
        {
            var logits = Enumerable.Range(0, 6).Select(i => i == at ? double.NaN : i).ToArray();
            Assert.True(double.IsNaN(LossHarness.Evaluate(name, logits, [1, 2], 3, torch.ScalarType.Float32).Value), $"{name}, {at}");
            Assert.True(double.IsNaN(LossHarness.Evaluate(name, logits, [1, 2], 3, torch.ScalarType.Float32, asTable: true).Value), $"{name}, {at}, table");
        }
    }

    [Fact]
    public void Small_terms_keep_their_digits()
    {
        // log(1 + e^x) = e^x to a rounding where e^x is far below one rounding of 1.
        const double x = -30;
        var value = LossHarness.Evaluate("BinaryCE", [-x, x, x], [0], 3, torch.ScalarType.Float32).Value;
        Assert.Equal(3 * Math.Exp(x), value, 1e-6 * Math.Exp(x));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(512)]
    [InlineData(1000)]
    public void Sums_of_small_terms_keep_their_digits_at_any_width(int k)
    {
        for (var x = -10; x >= -30; x--)
        {
            var logits = Enumerable.Repeat((double)x, k).ToArray();
            logits[0] = -x;
            var expected = k * RowLogistic.Softplus(x);
            var value = LossHarness.Evaluate("BinaryCE", logits, [0], k, torch.ScalarType.Float32).Value;
            Assert.Equal(expected, value, 4e-7 * expected);
        }
    }

    [Theory]
    [InlineData(-745)]
    [InlineData(-40)]
    [InlineData(-1e-3)]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(1e30)]
    public void Softplus_and_logistic_of_one_number(double x)
    {
        Assert.Equal(x > 30 ? x : x < -30 ? Math.Exp(x) : Math.Log(1 + Math.Exp(x)), RowLogistic.Softplus(x), 1e-13 * Math.Max(Math.Exp(Math.Min(x, 0)), Math.Abs(x)));
        Assert.Equal(1 / (1 + Math.Exp(-x)), RowLogistic.Logistic(x), 1e-15);
    }
}

using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Principle;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Principle;

/// <summary>No batch whose float32 logits violate the principle is certified, and little is lost for that.</summary>
public sealed class BatchCertificateTests
{
    private static readonly double[] Alphas = [0.003, 0.1, 0.5, 30];
    private static readonly double[] Levels = [0, 1e-7, 1e-5, 1e-3];

    public static TheoryData<string, int, int, bool> Shapes
    {
        get
        {
            var data = new TheoryData<string, int, int, bool>();
            // ZLoss is SelfNorm with another name and so small a weight that rounding leaves nothing of many classes.
            foreach (var loss in AlignmentHarness.AlignedLosses.Where(loss => loss != "ZLoss"))
            {
                foreach (var (m, k) in new[] { (2, 2), (2, 10_000), (7, 13), (32, 1000), (128, 10), (128, 1000), (512, 2), (512, 300) })
                {
                    // Its m² k comparisons would take minutes.
                    if (loss == "SmoothAP" && m * k > 10_000)
                        continue;
                    data.Add(loss, m, k, true);
                    data.Add(loss, m, k, false);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Violating_batches_are_never_certified(string name, int m, int k, bool byRows)
    {
        var random = new Random(m + k);
        foreach (var options in Variants(name))
        {
            using var loss = LossCatalog.Create(name, new(options, new int[k], Seed: 0));
            var threshold = BatchCertificate.Find(loss, name, options, m, new int[k], new(k, byRows))?.Threshold;
            var configuration = AlignmentHarness.Run(name, new() { Options = options, BatchSize = m, ClassCount = k }).Configuration!;
            foreach (var level in Levels)
            {
                foreach (var shift in Shifts(name))
                {
                    var logits = Violating(random, configuration, level, shift);
                    var value = Evaluate(loss, logits, configuration.Labels, k, byRows);
                    Assert.False(value < threshold, $"{name}, {options}, {m} x {k}, level {level}, shift {shift}: {value:g17} < {threshold:g17}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Little_is_lost_to_rounding(string name, int m, int k, bool byRows)
    {
        LossOptions options = new();
        using var loss = LossCatalog.Create(name, new(options, new int[k], Seed: 0));
        var critical = AlignmentHarness.Run(name, new() { Options = options, BatchSize = m, ClassCount = k }).CriticalValue!.Value;
        var threshold = Assert.NotNull(BatchCertificate.Find(loss, name, options, m, new int[k], new(k, byRows))?.Threshold);

        // By rows some float32 roundings are left; float32 sums may lose one for each class.
        var units = (byRows ? 0 : k) + name switch { "NCE" => 120, "FocalBCE" => 1700, "SmoothAP" => 600, _ => 30 };
        Assert.InRange(threshold, critical - (units * Math.Pow(2, -24) * Math.Max(1, critical) * 1.3), critical);
    }

    [Theory]
    [InlineData(2, 2, 1)]
    [InlineData(2, 500, 5)]
    [InlineData(7, 13, 100)]
    [InlineData(128, 10, 5)]
    [InlineData(64, 1000, 3)]
    public void With_class_frequencies_no_violating_batch_is_certified_whatever_its_labels(int m, int k, int noiseCount)
    {
        var options = new LossOptions { NoisePrior = NoisePrior.ClassFrequency, NoiseCount = noiseCount };
        var random = new Random(m + k);
        var counts = Enumerable.Range(0, k).Select(_ => 1 + (int)Math.Pow(300, random.NextDouble())).ToArray();
        using var loss = LossCatalog.Create("NCE", new(options, counts, Seed: 0));
        foreach (var byRows in new[] { true, false })
        {
            var bound = BatchCertificate.Find(loss, "NCE", options, m, counts, new(k, byRows))!;
            var (closest, least) = (double.PositiveInfinity, double.PositiveInfinity);
            for (var i = 0; i < 40; i++)
            {
                // The rarest class tied with itself is what comes closest.
                var labels = Enumerable.Range(0, m).Select(j => random.Next(k)).ToArray();
                labels[random.Next(m)] = Array.IndexOf(counts, counts.Min());
                var alignment = AlignmentHarness.Run("NCE", new() { Options = options, BatchSize = m, ClassCount = k, ClassCounts = counts, Labels = labels });
                var value = Evaluate(loss, Violating(random, alignment.Configuration!, Levels[i % Levels.Length], shift: 0), labels, k, byRows) - labels.Average(label => bound.Infimum![label]);
                Assert.False(value < bound.Threshold, $"{m} x {k}, {string.Join(' ', labels)}: {value:g17} < {bound.Threshold:g17}");
                (closest, least) = (Math.Min(closest, value), Math.Min(least, alignment.CriticalExcess!.Value));
            }

            Assert.InRange(closest, bound.Threshold, least * 1.01);
        }
    }

    [Fact]
    public void A_separated_batch_just_below_is_certified()
    {
        // All Q_i are 1/m but one, whose share is a little above that of the false logit: 1e-4 below the critical value.
        var (m, k) = (8, 3);
        using var loss = LossCatalog.Create("BatchCE", new(new(), new int[k], Seed: 0));
        var threshold = BatchCertificate.Find(loss, "BatchCE", new(), m, new int[k], new(k, ByRows: true))!.Threshold;
        var labels = Enumerable.Range(0, m).Select(i => i % k).ToArray();
        var logits = Enumerable.Range(0, m * k).Select(i => i % k == labels[i / k] ? 0f : -1000f).ToArray();
        (logits[labels[0]], logits[k + 2]) = (-0.69315f, -0.69335f);
        var value = Evaluate(loss, logits, labels, k, byRows: true);
        Assert.InRange(value, threshold * (1 - 2e-4), threshold);
        logits[k + 2] = -0.69315f;
        Assert.False(Evaluate(loss, logits, labels, k, byRows: true) < threshold);
    }

    [Fact]
    public void Rounding_would_make_false_certificates()
    {
        // Violating batches of which less than the critical value is computed: what the subtraction is for.
        var (m, k, found) = (2, 10_000, 0);
        using var loss = LossCatalog.Create("BatchCE", new(new(), new int[k], Seed: 0));
        var alignment = AlignmentHarness.Run("BatchCE", new() { BatchSize = m, ClassCount = k });
        var random = new Random(5);
        for (var i = 0; i < 200; i++)
        {
            var logits = Violating(random, alignment.Configuration!, Levels[i % 2], shift: 0);
            if (Evaluate(loss, logits, alignment.Configuration!.Labels, k, byRows: i % 4 < 2) < alignment.CertifiedLowerBound)
                found++;
        }

        Assert.True(found > 0);
    }

    [Fact]
    public void Our_exponential_is_as_exact_as_the_proof_says()
    {
        var worst = 0.0;
        var x = new float[System.Numerics.Vector<float>.Count];
        var first = BitConverter.SingleToInt32Bits(-87.29f);
        for (var bits = BitConverter.SingleToInt32Bits(-1e-9f); bits < first; bits += 613)
        {
            Array.Fill(x, BitConverter.Int32BitsToSingle(bits));
            var exact = Math.Exp(x[0]);
            worst = Math.Max(worst, Math.Abs(DecayingExponential.Of(new System.Numerics.Vector<float>(x))[0] - exact) / exact);
            worst = Math.Max(worst, Math.Abs(DecayingExponential.Of(x[0]) - exact) / exact);
        }

        Assert.InRange(worst, Math.Pow(2, -26), 4 * Math.Pow(2, -24));
    }

    [Fact]
    public void Losses_without_a_proof_certify_nothing()
    {
        Assert.Null(Threshold("CE", new()));
        Assert.Null(Threshold("MaxMargin", new()));
        Assert.Null(Threshold("NCE", new() { NoisePrior = NoisePrior.ClassFrequency }, 3, 0, 5));
        Assert.Null(Threshold("NCE", new() { NoiseSampling = NoiseSampling.Sampled }));
        Assert.Null(Threshold("SelfNorm", new() { Alpha = 1e-12 }));
        Assert.Null(Threshold("LogitAdjustedCE", new()));
        Assert.Null(Threshold("ZLoss", new() { ZWeight = 0 }));
        Assert.Equal(Threshold("SelfNorm", new() { Alpha = 0.02 }), Threshold("ZLoss", new() { ZWeight = 0.02 }));
        Assert.NotNull(Threshold("ZLoss", new()));
        Assert.NotNull(Threshold("selfnorm", new()));

        Assert.NotNull(Threshold("BatchCE", new() { Epsilon = 1e-6 }));
        Assert.NotNull(Threshold("NCE", new() { NoisePrior = NoisePrior.ClassFrequency }));
        Assert.NotNull(Threshold("BinaryCE", new() { NoisePrior = NoisePrior.ClassFrequency }));

        static double? Threshold(string name, LossOptions options, params int[] counts)
        {
            counts = counts.Length == 0 ? [3, 4, 5] : counts;
            using var loss = LossCatalog.Create(name, new(options, counts, Seed: 0));
            return BatchCertificate.Find(loss, name, options, 16, counts, new(3, ByRows: true))?.Threshold;
        }
    }

    private static IEnumerable<LossOptions> Variants(string name) => name switch
    {
        "SelfNorm" => Alphas.Select(alpha => new LossOptions { Alpha = alpha }),
        "NCE" => new[] { 1, 5, 100 }.Select(count => new LossOptions { NoiseCount = count }),
        "BatchCE" => new[] { 0, 1e-6, 0.01, 0.9 }.Select(epsilon => new LossOptions { Epsilon = epsilon }),
        "BatchMaxMargin" => new[] { 1e-3, 1, 1e6 }.Select(gamma => new LossOptions { Gamma = gamma }),
        "SigmoidCE" => new[] { 0.01, 1, 300 }.Select(scale => new LossOptions { SigmoidScale = scale, SigmoidBias = 7 - scale }),
        "FocalBCE" => new[] { 0, 2, 17.3 }.Select(gamma => new LossOptions { FocalGamma = gamma }),
        "SmoothAP" => new[] { 0.01, 1, 50 }.Select(temperature => new LossOptions { Temperature = temperature }),
        _ => [new()],
    };

    // Only these are the same of logits that are all larger.
    private static double[] Shifts(string name) => name is "BatchCE" or "BatchMaxMargin" ? [0, 0.1, -77.7, 12_345.6, 1e30] : [0];

    /// <summary>
    /// The configuration that comes down to the critical value, rounded: true logits a few units off it, and false ones that are together a share of
    /// the largest, so that float32 may lose them; with a tie, or the false logit above.
    /// </summary>
    private static float[] Violating(Random random, ViolatingLogits configuration, double level, double shift)
    {
        var (k, labels) = (configuration.ClassCount, configuration.Labels);
        var logits = configuration.ToLogits().DoubleLogits.ToArray();
        var single = Array.ConvertAll(logits, z => Near(random, (float)((z <= -700 && level > 0 ? Math.Log(level / k) : z) + shift)));
        var (pair, lowest) = (configuration.Pair, 0);
        for (var i = 0; i < labels.Count; i++)
            lowest = single[(i * k) + labels[i]] < single[(lowest * k) + labels[lowest]] ? i : lowest;
        var at = (pair.FalseExample * k) + pair.FalseClassIndex;
        var trueLogit = single[(pair.TrueExample * k) + labels[pair.TrueExample]];
        single[at] = random.Next(2) == 0 ? trueLogit : Math.Max(trueLogit, single[at]);
        Assert.True(single[(lowest * k) + labels[lowest]] <= single[at]);
        return single;
    }

    private static float Near(Random random, float z)
    {
        for (var i = random.Next(4); i > 0; i--)
            z = random.Next(2) == 0 ? MathF.BitIncrement(z) : MathF.BitDecrement(z);
        return z;
    }

    private static double Evaluate(Loss loss, float[] logits, IReadOnlyList<int> labels, int k, bool byRows)
    {
        var opened = TestDevice.Open();
        var device = byRows ? torch.CPU : opened;
        using var scope = torch.NewDisposeScope();
        var z = torch.tensor(logits, labels.Count, k, device: device);
        var y = torch.tensor(labels.Select(label => (long)label).ToArray(), device: device);
        var value = byRows ? loss.Evaluate(z, y, step: 0) : loss.EvaluateAsTable(z, y, step: 0);
        return value.Value.item<double>();
    }
}

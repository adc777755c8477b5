using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Principle;
using LogitSeparation.Core.Runtime;
using LogitSeparation.Core.Tests.Losses;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Principle;

/// <summary>What the tests of alignment share: losses of tables by the project's own losses, and random problems.</summary>
internal static class AlignmentHarness
{
    public static readonly string[] AlignedLosses = [.. LossCatalog.Known.Where(info => info.Aligned).Select(info => info.Name)];

    /// <summary>Tests a loss; stops with the test.</summary>
    public static LossAlignment Run(string loss, AlignmentRequest request) => AlignmentTest.Run(loss, request, TestContext.Current.CancellationToken);

    /// <summary>The loss of a table, as the project computes it in float64; over all batches where there are more examples.</summary>
    public static double Value(LossAlignment alignment, MemoryLogits logits, int[]? counts = null)
    {
        var labels = logits.Labels.ToArray();
        return alignment.ExampleCount == alignment.BatchSize
            ? LossHarness.Evaluate(alignment.Loss, logits.DoubleLogits.ToArray(), labels, alignment.ClassCount, options: alignment.Options, counts: counts).Value
            : Expectation(alignment, logits.DoubleLogits.ToArray(), labels, counts);
    }

    /// <summary>The configuration violates, as the separation report sees it too.</summary>
    public static MemoryLogits AssertViolates(LossAlignment alignment)
    {
        var configuration = Assert.IsType<ViolatingLogits>(alignment.Configuration);
        var logits = configuration.ToLogits();
        Assert.Equal(alignment.ExampleCount, logits.Count);
        Assert.Equal(alignment.ClassCount, logits.ClassCount);
        var table = logits.DoubleLogits.Span;
        var pair = configuration.Pair;
        Assert.NotEqual(configuration.Labels[pair.FalseExample], pair.FalseClassIndex);
        Assert.Equal(table[(pair.TrueExample * alignment.ClassCount) + configuration.Labels[pair.TrueExample]], pair.TrueLogit);
        Assert.Equal(table[(pair.FalseExample * alignment.ClassCount) + pair.FalseClassIndex], pair.FalseLogit);
        Assert.True(pair.TrueLogit <= pair.FalseLogit);
        Assert.False(Separation.Measure(logits, cancellationToken: TestContext.Current.CancellationToken).Holds);
        return logits;
    }

    /// <summary>A random loss of those aligned, with random hyperparameters, shape, and (for half of the cases of NCE) frequencies.</summary>
    public static (string Loss, AlignmentRequest Request, int[]? Counts) RandomProblem(int seed)
    {
        var random = new Random(seed);
        var (m, k) = (1 + random.Next(6), 2 + random.Next(6));
        var counts = random.Next(2) == 0 ? null : Enumerable.Range(0, k).Select(_ => 1 + random.Next(50)).ToArray();
        var request = new AlignmentRequest
        {
            BatchSize = m,
            ClassCount = k,
            ClassCounts = counts,
            Labels = random.Next(2) == 0 ? null : Enumerable.Range(0, m).Select(_ => random.Next(k)).ToArray(),
            Options = new()
            {
                Alpha = Math.Pow(10, (4 * random.NextDouble()) - 3),
                Gamma = Math.Pow(10, (3 * random.NextDouble()) - 1.5),
                NoiseCount = 1 + random.Next(30),
                NoisePrior = counts is null ? NoisePrior.Uniform : NoisePrior.ClassFrequency,
                Epsilon = random.Next(2) == 0 ? 0 : Math.Pow(10, -3.5 * random.NextDouble()) * 0.999,
                ZWeight = Math.Pow(10, (6 * random.NextDouble()) - 5),
                UnifiedBias = random.Next(2) == 0 ? null : 6 * random.NextDouble(),
                SigmoidScale = Math.Pow(10, (2 * random.NextDouble()) - 1),
                SigmoidBias = -12 * random.NextDouble(),
                FocalGamma = random.Next(3) == 0 ? 0 : 8 * random.NextDouble(),
                Temperature = Math.Pow(10, (2 * random.NextDouble()) - 1),
            },
        };
        return (AlignedLosses[random.Next(AlignedLosses.Length)], request, counts);
    }

    /// <summary>
    /// Random logits that violate: of any labels, around the configuration or anywhere, with one pair lifted to a tie or above.
    /// </summary>
    public static MemoryLogits RandomViolation(Random random, LossAlignment alignment, IReadOnlyList<int> labels)
    {
        var (n, k) = (labels.Count, alignment.ClassCount);
        var around = random.Next(2) == 0 && labels.SequenceEqual(alignment.Configuration!.Labels)
            ? alignment.Configuration.ToLogits().DoubleLogits.ToArray()
            : new double[n * k];
        var spread = Math.Pow(10, (3 * random.NextDouble()) - 2);
        var logits = Array.ConvertAll(around, z => z + (spread * ((2 * random.NextDouble()) - 1)));
        var (trueExample, falseExample) = (random.Next(n), random.Next(n));
        var falseClass = (labels[falseExample] + 1 + random.Next(k - 1)) % k;
        if (around[0] != 0)
        {
            var pair = alignment.Configuration!.Pair;
            (trueExample, falseExample, falseClass) = (pair.TrueExample, pair.FalseExample, pair.FalseClassIndex);
        }

        logits[(falseExample * k) + falseClass] = logits[(trueExample * k) + labels[trueExample]] + (random.Next(2) * spread * random.NextDouble());
        return new(logits, [.. labels], [.. Enumerable.Range(0, k).Select(j => $"{j}")]);
    }

    private static double Expectation(LossAlignment alignment, double[] logits, int[] labels, int[]? counts)
    {
        TorchRuntime.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        using var loss = new BatchExpectation(
            LossCatalog.Create(alignment.Loss, new(alignment.Options, counts ?? new int[alignment.ClassCount], Seed: 0)), alignment.BatchSize);
        var z = torch.tensor(logits, labels.Length, alignment.ClassCount);
        return loss.Evaluate(z, torch.tensor(Array.ConvertAll(labels, label => (long)label)), step: 0).Value.item<double>();
    }
}

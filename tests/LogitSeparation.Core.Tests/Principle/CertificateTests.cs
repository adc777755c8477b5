using FsCheck.Xunit;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Tests.Losses;
using Xunit;

namespace LogitSeparation.Core.Tests.Principle;

/// <summary>No violating logits have a loss below the certificate, and the configuration comes down to it.</summary>
public sealed class CertificateTests
{
    private const double Rounding = 1e-11;

    [Property(MaxTest = 120)]
    public void Configurations_violate_and_have_the_loss_that_is_said(int seed)
    {
        var (loss, request, counts) = AlignmentHarness.RandomProblem(seed);
        var alignment = AlignmentHarness.Run(loss, request);
        Assert.True(alignment.Aligned);
        Assert.True(alignment.CriticalExcess > 0);
        Assert.True(alignment.LeastExcess <= alignment.CriticalExcess);
        var value = AlignmentHarness.Value(alignment, AlignmentHarness.AssertViolates(alignment), counts);
        Assert.Equal(alignment.Attained!.Value, value, Rounding * (1 + Math.Abs(value)));
        Assert.InRange((value - alignment.Infimum) / alignment.CriticalExcess!.Value, 1 - 1e-6, 1.001);
    }

    [Property(MaxTest = 120)]
    public void Random_violations_are_never_below_the_certificate(int seed)
    {
        var (loss, request, counts) = AlignmentHarness.RandomProblem(seed);
        var alignment = AlignmentHarness.Run(loss, request);
        var random = new Random(seed);
        for (var i = 0; i < 20; i++)
        {
            // Without labels asked for, the certificate is one for any.
            var labels = request.Labels ?? Enumerable.Range(0, request.BatchSize).Select(_ => random.Next(request.ClassCount)).ToArray();
            var logits = AlignmentHarness.RandomViolation(random, alignment, request.Labels is null && i % 2 == 0 ? alignment.Configuration!.Labels : labels);
            var value = AlignmentHarness.Value(alignment, logits, counts);
            Assert.True(value >= alignment.CertifiedLowerBound - (Rounding * (1 + Math.Abs(value))), $"{loss}: {value} < {alignment.CertifiedLowerBound}");
        }
    }

    [Property(MaxTest = 60)]
    public void Infimum_is_approached(int seed)
    {
        var (loss, request, counts) = AlignmentHarness.RandomProblem(seed);
        var alignment = AlignmentHarness.Run(loss, request);
        var labels = alignment.Configuration!.Labels;
        var k = request.ClassCount;

        // What the losses want: true logits at 0, at γ for BatchMaxMargin, or far up; false ones far down.
        var best = loss switch { "SelfNorm" or "ZLoss" or "NCE" or "BatchCE" => 0, "BatchMaxMargin" => request.Options.Gamma, _ => 10_000 };
        var logits = Enumerable.Range(0, labels.Count * k).Select(i => i % k == labels[i / k] ? best : -10_000.0).ToArray();
        var value = LossHarness.Evaluate(loss, logits, [.. labels], k, options: request.Options, counts: counts).Value;
        Assert.Equal(alignment.Infimum, value, 1e-12);
    }

    [Property(MaxTest = 25)]
    public void Samples_have_certificates_too(int seed)
    {
        var random = new Random(seed);
        var (loss, request, _) = AlignmentHarness.RandomProblem(seed);
        request = request with
        {
            BatchSize = 2 + random.Next(2),
            ExampleCount = 4 + random.Next(3),
            Labels = null,
            ClassCounts = null,
            Options = request.Options with { NoisePrior = NoisePrior.Uniform },
        };
        var alignment = AlignmentHarness.Run(loss, request);
        var attained = AlignmentHarness.Value(alignment, AlignmentHarness.AssertViolates(alignment));
        Assert.Equal(alignment.Attained!.Value, attained, Rounding * (1 + Math.Abs(attained)));
        Assert.True(attained >= alignment.CertifiedLowerBound - Rounding);

        // With epsilon the expectation is only bounded.
        if (loss != "BatchCE" || request.Options.Epsilon == 0)
            Assert.InRange(alignment.Ratio!.Value, 1, 1.001);
        for (var i = 0; i < 10; i++)
        {
            var value = AlignmentHarness.Value(alignment, AlignmentHarness.RandomViolation(random, alignment, alignment.Configuration!.Labels));
            Assert.True(value >= alignment.CertifiedLowerBound - (Rounding * (1 + Math.Abs(value))), $"{loss}: {value} < {alignment.CertifiedLowerBound}");
        }
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(128, 1000)]
    public void Table_sizes_of_the_paper(int m, int k)
    {
        foreach (var loss in AlignmentHarness.AlignedLosses)
        {
            var alignment = AlignmentHarness.Run(loss, new() { BatchSize = m, ClassCount = k });
            var value = AlignmentHarness.Value(alignment, AlignmentHarness.AssertViolates(alignment));
            Assert.InRange((value - alignment.Infimum) / alignment.CriticalExcess!.Value, 1 - 1e-9, 1.001);
        }
    }
}

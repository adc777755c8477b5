using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Principle;
using Xunit;

namespace LogitSeparation.Core.Tests.Principle;

/// <summary>An adversary that descends along the project's own gradients: never below a certificate, and near to it.</summary>
public sealed class ViolationSearchTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, int, int> Shapes
    {
        get
        {
            var data = new TheoryData<string, int, int>();
            foreach (var loss in AlignmentHarness.AlignedLosses)
            {
                data.Add(loss, 1, 3);
                data.Add(loss, 2, 2);
                data.Add(loss, 8, 10);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Comes_near_to_the_critical_value_and_never_below(string loss, int m, int k)
    {
        foreach (var options in new LossOptions[]
        {
            new(),
            new() { Alpha = 0.003, Gamma = 20, NoiseCount = 40, Epsilon = 1e-3, ZWeight = 0.01, UnifiedBias = 1, SigmoidScale = 1, SigmoidBias = 0, FocalGamma = 0.5 },
            new() { Alpha = 4, Gamma = 0.05, NoiseCount = 1, Epsilon = 0.4, ZWeight = 2, SigmoidScale = 0.3, FocalGamma = 4, Temperature = 0.2 },
        })
        {
            var alignment = AlignmentHarness.Run(loss, new() { BatchSize = m, ClassCount = k, Options = options, Search = true });
            Assert.InRange(alignment.Search!.Ratio!.Value, 1 - 1e-9, 1.001);
            Assert.False(Separation.Measure(alignment.Search.Configuration.ToLogits(), cancellationToken: Stop).Holds);
        }
    }

    [Theory]
    [InlineData("BatchCE", 2, 4)]
    [InlineData("BatchCE", 3, 5)]
    [InlineData("BatchMaxMargin", 3, 5)]
    [InlineData("SmoothAP", 3, 4)]
    [InlineData("BinaryCE", 2, 3)]
    public void Comes_near_to_the_certificate_of_a_sample(string loss, int m, int n)
    {
        var alignment = AlignmentHarness.Run(loss, new() { BatchSize = m, ExampleCount = n, ClassCount = 3, Search = true });
        Assert.InRange(alignment.Search!.Ratio!.Value, 1 - 1e-9, 1.001);
    }

    [Fact]
    public void Finds_the_cheapest_pair_of_classes_of_different_frequency()
    {
        var options = new LossOptions { NoisePrior = NoisePrior.ClassFrequency };
        var request = new AlignmentRequest { BatchSize = 3, ClassCount = 4, ClassCounts = [9, 30, 2, 5], Options = options, Search = true };
        Assert.InRange(AlignmentHarness.Run("NCE", request).Search!.Ratio!.Value, 1 - 1e-9, 1.001);
        Assert.InRange(AlignmentHarness.Run("NCE", request with { Labels = [0, 1, 2] }).Search!.Ratio!.Value, 1 - 1e-9, 1.001);
    }

    [Theory]
    [InlineData("CE", 2, 2)]
    [InlineData("CE", 8, 10)]
    [InlineData("MaxMargin", 8, 10)]
    public void Finds_counterexamples_to_losses_that_are_not_aligned(string loss, int m, int k)
    {
        var alignment = AlignmentHarness.Run(loss, new() { BatchSize = m, ClassCount = k, Below = 1e-6, Search = true, Options = new() { Gamma = 5 } });
        Assert.InRange(alignment.Search!.Excess, 0, 1e-6);
        Assert.Null(alignment.Search.Ratio);
        var table = alignment.Search.Configuration.ToLogits();
        Assert.False(Separation.Measure(table, cancellationToken: Stop).Holds);
        Assert.Equal(alignment.Search.Value, AlignmentHarness.Value(alignment, table), 1e-15);
    }

    [Fact]
    public void Judges_a_loss_that_it_knows_nothing_of()
    {
        foreach (var info in LossCatalog.Known)
        {
            var request = new AlignmentRequest { BatchSize = 3, ClassCount = 4 };
            var found = ViolationSearch.Of(info, AlignmentProblem.Of(request), Stop).Judge();
            var proved = AlignmentHarness.Run(info.Name, request);
            Assert.Equal(AlignmentEvidence.Numerical, found.Evidence);
            Assert.Equal(proved.Aligned, found.Aligned);
            Assert.Null(found.CertifiedLowerBound);
            Assert.Equal(proved.Infimum, found.Infimum, 1e-6);
            if (proved.Aligned == true)
                Assert.InRange(found.CriticalExcess!.Value / proved.CriticalExcess!.Value, 0.999, 1.001);
            else
                Assert.Null(found.CriticalValue);
            AlignmentHarness.AssertViolates(found);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Judges_a_loss_that_no_catalogue_has(int m)
    {
        // A tie at a costs (a - 1)² + (a + 1)² of its example or two, which is least at 0, and all others nothing.
        var problem = AlignmentProblem.Of(new() { BatchSize = m, ClassCount = 3 });
        var found = new ViolationSearch("SquaredDistance", () => new SquaredDistance(), 1, problem, Stop).Judge();
        Assert.Equal("SquaredDistance", found.Loss);
        Assert.True(found.Aligned);
        Assert.Equal(0, found.Infimum, 1e-12);
        Assert.Equal(2.0 / m, found.CriticalValue!.Value, 1e-9);
        Assert.InRange(found.CriticalValue.Value, (2.0 / m) - 1e-12, 3);
        AlignmentHarness.AssertViolates(found);
    }

    [Fact]
    public void An_expectation_over_batches_has_the_gradient_of_its_value()
    {
        TestDevice.Open();
        using var loss = new BatchExpectation(LossCatalog.Create("BatchCE", new(new(), new int[3], Seed: 0)), 2);
        var (logits, labels) = Losses.LossHarness.RandomBatch(5, 4, 3);
        var adversary = new LossAdversary(loss, labels, 3, 1);
        var gradient = adversary.Evaluate(logits).Gradient;
        for (var i = 0; i < logits.Length; i++)
            Assert.Equal(Losses.LossHarness.Slope(z => adversary.Evaluate(z).Value, logits, i), gradient[i], 1e-8);
        Assert.Equal(6, BatchExpectation.CountBatches(4, 2));
        Assert.Equal(1, BatchExpectation.CountBatches(128, 128));
        Assert.True(BatchExpectation.CountBatches(10_000_000, 5_000_000) > BatchExpectation.MostBatches);
    }

    [Fact]
    public void Stops_when_asked_to()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => AlignmentTest.Run("BatchCE", new() { Search = true }, source.Token));
    }
}

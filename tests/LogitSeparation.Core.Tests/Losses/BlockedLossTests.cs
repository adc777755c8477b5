using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Losses;

/// <summary>Losses by blocks of classes against the same losses on whole tables.</summary>
public sealed class BlockedLossTests
{
    private const int ClassCount = 23;
    private const int FeatureCount = 5;
    private static readonly long[] Labels = [3, 22, 0, 3, 11, 7, 3];

    public static TheoryData<string, double, double> Cases => new()
    {
        { "CE", 1, 0 },
        { "CE", 400, 0 },
        { "MaxMargin", 1, 0 },
        { "MaxMargin", 0.01, 0 },
        { "BatchCE", 1, 0 },
        { "BatchCE", 400, 0 },
        { "BatchCE", 1, 1e-3 },
        { "BatchCE", 50, 0.2 },
        { "BatchMaxMargin", 1, 0 },
        { "BatchMaxMargin", 0.01, 0 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void In_float64_value_and_gradients_are_those_of_whole_tables(string name, double scale, double epsilon)
    {
        foreach (var size in new[] { 1, 4, 22, 23, 100 })
        {
            foreach (var beta in new[] { 0, 0.5 })
                AssertSame(name, new() { Epsilon = epsilon }, scale, size, beta, torch.ScalarType.Float64, 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void In_float32_they_are_to_its_rounding(string name, double scale, double epsilon) =>
        AssertSame(name, new() { Epsilon = epsilon }, scale, 4, 0.5, torch.ScalarType.Float32, 3e-6 * Math.Max(1, Math.Log(scale)));

    // The largest logit rises by a thousand from block to block, or falls: what came before vanishes beside it, and nothing overflows.
    [Theory]
    [InlineData("CE", 1000)]
    [InlineData("CE", -1000)]
    [InlineData("BatchCE", 1000)]
    [InlineData("BatchCE", -1000)]
    [InlineData("BatchMaxMargin", 1000)]
    [InlineData("MaxMargin", -1000)]
    public void Logits_of_any_size_neither_overflow_nor_vanish(string name, double rise)
    {
        foreach (var type in new[] { torch.ScalarType.Float32, torch.ScalarType.Float64 })
            AssertSame(name, new(), 1, 2, 0, type, type == torch.ScalarType.Float32 ? 1e-5 : 1e-12, rise);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_are_the_slopes_of_the_value(string name, double scale, double epsilon)
    {
        if (scale > 50)
            return;
        var device = TestDevice.Open();
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        using var network = Create(torch.ScalarType.Float64, scale);
        using var blocks = new ClassBlocks(network.Head, 4);
        using var loss = LossCatalog.Create(name, new(new() { Epsilon = epsilon }, new int[ClassCount], 0));
        var features = Features(torch.ScalarType.Float64);
        Value();
        var featureGradient = blocks.FeatureGradient.clone();
        foreach (var parameter in new[] { network.Head.Weight, network.Head.Bias })
        {
            var gradient = parameter.Gradient.clone().view(-1);
            for (var i = 0; i < gradient.numel(); i += 2)
                AssertSlope(parameter.Value.view(-1), gradient, i);
        }

        for (var i = 0; i < features.numel(); i++)
            AssertSlope(features.view(-1), featureGradient.view(-1), i);

        double Value()
        {
            blocks.Begin(features, torch.tensor(Labels, device: device), 0);
            return loss.InBlocks!.Evaluate(blocks).item<double>();
        }

        void AssertSlope(torch.Tensor place, torch.Tensor gradient, int index)
        {
            const double H = 1e-6;
            var number = place.narrow(0, index, 1);
            var expected = gradient.narrow(0, index, 1).item<double>();
            number.AddInPlace(H);
            var up = Value();
            number.AddInPlace(-2 * H);
            var down = Value();
            number.AddInPlace(H);
            Assert.Equal(expected, (up - down) / (2 * H), 2e-7 * Math.Max(1, scale));
        }
    }

    [Fact]
    public void A_logit_that_is_not_a_number_makes_the_loss_none()
    {
        foreach (var name in new[] { "CE", "BatchCE", "MaxMargin", "BatchMaxMargin" })
        {
            foreach (var type in new[] { torch.ScalarType.Float32, torch.ScalarType.Float64 })
            {
                var device = TestDevice.Open();
                using var scope = torch.NewDisposeScope();
                using var noGrad = torch.no_grad();
                using var network = Create(type, 1);
                network.Head.Bias.Value.narrow(0, 13, 1).AddInPlace(double.NaN);
                using var blocks = new ClassBlocks(network.Head, 4);
                using var loss = LossCatalog.Create(name, new(new(), new int[ClassCount], 0));
                blocks.Begin(Features(type), torch.tensor(Labels, device: device), 0);
                Assert.True(double.IsNaN(loss.InBlocks!.Evaluate(blocks).item<double>()), $"{name} {type}");
            }
        }
    }

    [Fact]
    public void A_block_has_as_many_logits_for_any_number_of_classes()
    {
        foreach (var m in new[] { 2, 128, 4096, 1 << 20 })
            Assert.InRange((long)BlockedLoss.BlockSize(DeviceType.CPU, m) * m, 1, 1 << 20);
        Assert.False(BlockedLoss.IsWorthwhile(DeviceType.CPU, 128, 10_000));
        Assert.True(BlockedLoss.IsWorthwhile(DeviceType.CPU, 128, 100_000));
        Assert.False(BlockedLoss.IsWorthwhile(DeviceType.CPU, 1 << 30, 1));
    }

    private static void AssertSame(string name, LossOptions options, double scale, int size, double beta, torch.ScalarType type, double tolerance, double rise = 0)
    {
        var device = TestDevice.Open();
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        using var expected = Create(type, scale, rise);
        using var actual = Create(type, scale, rise);
        using var loss = LossCatalog.Create(name, new(options, new int[ClassCount], 0));
        using var blocks = new ClassBlocks(actual.Head, size);
        var labels = torch.tensor(Labels, device: device);
        var features = Features(type);

        // Twice: what the first step leaves must not be in the way of the second.
        for (var step = 0; step < 2; step++)
        {
            var (value, gradient) = loss.Evaluate(expected.Head.Forward(features), labels, step);
            var featureGradient = expected.Head.Backward(gradient, beta);
            blocks.Begin(features, labels, beta);
            var blockedValue = loss.InBlocks!.Evaluate(blocks).item<double>();
            Assert.Equal(value.item<double>(), blockedValue, tolerance * Math.Max(1, Math.Abs(blockedValue)));
            AssertClose(featureGradient, blocks.FeatureGradient, tolerance);
            AssertClose(expected.Head.Weight.Gradient, actual.Head.Weight.Gradient, tolerance);
            AssertClose(expected.Head.Bias.Gradient, actual.Head.Bias.Gradient, tolerance);
        }
    }

    private static void AssertClose(torch.Tensor expected, torch.Tensor actual, double tolerance)
    {
        var size = Math.Max(1, expected.abs().max().to(torch.ScalarType.Float64).item<double>());
        Assert.InRange((expected - actual).abs().max().to(torch.ScalarType.Float64).item<double>(), 0, tolerance * size);
    }

    // Gradients of an earlier step are there, and the biases rise from class to class.
    private static Network Create(torch.ScalarType type, double scale, double rise = 0)
    {
        var network = new Network(NetworkCatalog.Describe("MLP", [6], [FeatureCount], ClassCount), 1, TestDevice.Open(), type);
        network.Head.Weight.Value.MultiplyInPlace(scale);
        network.Head.Bias.Value.copy_(torch.tensor(Enumerable.Range(0, ClassCount).Select(j => rise * j).ToArray()));
        network.Parameters.Gradient.copy_(network.Parameters.Values.cos());
        return network;
    }

    private static torch.Tensor Features(torch.ScalarType type)
    {
        var random = new SplitMix64(8);
        var values = Enumerable.Range(0, Labels.Length * FeatureCount).Select(_ => 2 * random.NextDouble()).ToArray();
        return torch.tensor(values, [Labels.Length, FeatureCount], dtype: type, device: TestDevice.Open());
    }
}

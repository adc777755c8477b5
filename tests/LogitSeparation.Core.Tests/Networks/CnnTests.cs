using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Networks;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Networks;

/// <summary>The paper's convolutional network.</summary>
public sealed class CnnTests
{
    [Fact]
    public void It_has_the_papers_layers_and_488_million_multiply_adds()
    {
        var info = NetworkCatalog.Inspect("cnn", [], [], 10);
        Assert.Equal([3, 32, 32], info.InputShape);
        var shapes = info.Layer.Select(layer => string.Join('x', layer.OutputShape)).ToArray();
        Assert.Equal(
            ["128x32x32", "128x32x32", "128x16x16", "256x16x16", "256x16x16", "256x8x8", "512x8x8", "512x8x8", "512x4x4", "1024", "10"], shapes);

        // Section 6: 5 x 5 and 1 x 1 kernels in turn; a place of a map takes kernel x kernel x channels multiplications.
        long[] expected =
        [
            1024L * 25 * 3 * 128, 1024L * 128 * 128, 256L * 25 * 128 * 256, 256L * 256 * 256, 64L * 25 * 256 * 512, 64L * 512 * 512,
            8192L * 1024, 1024 * 10,
        ];
        Assert.Equal(expected, info.Layer.Select(layer => layer.MultiplyAddCount).Where(count => count > 0));
        Assert.Equal(488.0, info.MultiplyAddCount / 1e6, 0.05);
        Assert.Equal(info.MultiplyAddCount - (9 * 1024), info.SingleLogitMultiplyAddCount);
    }

    [Fact]
    public void Its_parameters_are_those_that_are_trained()
    {
        var spec = NetworkCatalog.Describe("CNN", [28, 28], [20], 7);
        using var network = new Network(spec, 0, TestDevice.Open());
        Assert.Equal(network.Parameters.Values.shape[0], NetworkCatalog.Inspect("CNN", [28, 28], [20], 7).ParameterCount);
        Assert.Equal(20, network.Trunk.FeatureCount);
    }

    [Fact]
    public void Gradients_are_central_differences_in_float64()
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var network = new Network(new("CNN", [2, 3, 4], [5], 3), seed: 1, device, torch.ScalarType.Float64);
        using var loss = LossCatalog.Create("BatchCE", new(new(), [1, 1, 1], 0));
        var input = torch.randn(4, 24, dtype: torch.float64, device: device, generator: new(5, device));
        var labels = torch.tensor([0L, 1, 2, 0], device: device);
        torch.Tensor Logits() => network.Head.Forward(network.Trunk.Forward(input));
        double Value() => loss.Evaluate(Logits(), labels, 0).Value.item<double>();

        network.Trunk.Backward(network.Head.Backward(loss.Evaluate(Logits(), labels, 0).Gradient, 0), 0);
        var gradient = network.Parameters.Gradient.clone();
        var offset = 0L;
        foreach (var parameter in network.Parameters.Parameters)
        {
            // Of each parameter the entry with the steepest slope, as most of the four million are next to 0.
            const double h = 1e-6;
            var steepest = offset + gradient.narrow(0, offset, parameter.Length).abs().argmax().item<long>();
            var entry = network.Parameters.Values.narrow(0, steepest, 1);
            entry.add_(h);
            var up = Value();
            entry.sub_(2 * h);
            var slope = (up - Value()) / (2 * h);
            entry.add_(h);
            Assert.True(Math.Abs(slope) > 1e-6, parameter.Name);
            Assert.Equal(slope, gradient[steepest].item<double>(), 1e-5 * Math.Abs(slope) + 1e-8);
            offset += parameter.Length;
        }
    }

    [Fact]
    public void Backward_keeps_beta_of_what_was_gathered()
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var network = new Network(new("CNN", [1, 4, 4], [5], 3), seed: 1, device, torch.ScalarType.Float64);
        var input = torch.randn(3, 16, dtype: torch.float64, device: device);
        Backward(0);
        var once = network.Parameters.Gradient.clone();
        Backward(0.75);
        Assert.InRange((network.Parameters.Gradient - (once * 1.75)).abs().max().item<double>(), 0, 1e-12);

        void Backward(double beta)
        {
            network.Head.Forward(network.Trunk.Forward(input));
            network.Trunk.Backward(network.Head.Backward(torch.ones(3, 3, dtype: torch.float64, device: device), beta), beta);
        }
    }

    [Fact]
    public void Evaluation_goes_by_the_running_statistics_of_training()
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var network = new Network(new("CNN", [1, 4, 4], [5], 3), seed: 1, device);
        var input = torch.randn(6, 16, device: device);
        Assert.Equal(0.0, network.Trunk.Statistics.First().Value.abs().max().item<float>());
        for (var i = 0; i < 200; i++)
        {
            using var step = torch.NewDisposeScope();
            network.Trunk.Forward(input);
        }

        // The same batch again and again, so the running statistics are the batch's own: here those of the first convolution's maps.
        var weight = network.Parameters.Parameters[0].Value;
        var maps = torch.nn.functional.conv2d(input.view(6, 1, 4, 4), weight, padding: [2L, 2]).transpose(0, 1).flatten(1).to(torch.float64);
        var statistics = network.Trunk.Statistics.ToDictionary(statistic => statistic.Name, statistic => statistic.Value);
        AssertNear(maps.mean([1]), statistics["trunk.conv0.norm.running_mean"]);
        AssertNear(maps.var([1], unbiased: true), statistics["trunk.conv0.norm.running_var"]);

        // An example's features do not depend on the others of its batch then.
        AssertNear(network.Trunk.Infer(input)[..1], network.Trunk.Infer(input[..1]));

        static void AssertNear(torch.Tensor expected, torch.Tensor actual) =>
            Assert.InRange((expected - actual).abs().max().to(torch.float64).item<double>(), 0, 1e-4);
    }

    [Fact]
    public void Evaluation_takes_as_many_examples_at_once_as_the_largest_layer_lets_it()
    {
        using var parameters = new ParameterBuffer();
        using var trunk = NetworkCatalog.CreateTrunk(new("CNN", [3, 32, 32], [1024], 10), parameters, 0);
        Assert.Equal(64 * 1024 * 1024 / (4 * 128 * 32 * 32), trunk.RowsOf(2048));
        Assert.Equal(7, trunk.RowsOf(7));
    }

    [Fact]
    public void Refuses_examples_that_are_no_pictures() =>
        Assert.Equal("NetworkInputMismatch", Assert.Throws<SlcException>(() => NetworkCatalog.Describe("CNN", [64], [], 2)).ErrorId);
}

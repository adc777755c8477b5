using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Networks;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Networks;

public sealed class NetworkTests
{
    private static readonly NetworkSpec Spec = new("MLP", [1, 2, 3], [5, 4], 3);

    [Theory]
    [InlineData("CNN", new[] { 3, 20_000, 20_000 })]
    [InlineData("MLP", new[] { 3, 30_000, 30_000 })]
    [InlineData("MLP", new[] { 1 << 20, 1 << 20, 1 << 20, 1 << 20 })]
    [InlineData("MLP", new[] { 3, 0 })]
    public void Refuses_examples_that_no_network_takes(string name, int[] shape)
    {
        var error = Assert.Throws<SlcException>(() => NetworkCatalog.Inspect(name, shape, [], 10));
        Assert.Equal(("InvalidInputShape", SlcErrorKind.InvalidArgument), (error.ErrorId, error.Kind));
    }

    [Theory]
    [InlineData(64, 1 << 20)]
    [InlineData(1 << 20, 9)]
    [InlineData(1 << 13, 1 << 13)]
    public void The_largest_pictures_have_positive_counts(int height, int width) => Assert.All(
        NetworkCatalog.Inspect("CNN", [height, width], [1], 10).Layer.Where(layer => layer.Name.Contains("conv") || layer.Name.Contains("dense")),
        layer => Assert.True(layer.MultiplyAddCount > 0 && layer.ParameterCount > 0));

    [Fact]
    public void Auto_is_the_papers_network_for_such_examples()
    {
        Assert.Equal("CNN", NetworkCatalog.Inspect("auto", [3, 8, 8], [], 10).Name);
        Assert.Equal("MLP", NetworkCatalog.Inspect("Auto", [8, 8], [], 10).Name);
        Assert.Contains("Auto", Assert.Throws<SlcException>(() => NetworkCatalog.Inspect("ResNet", [], [], 10)).Message);
    }

    [Fact]
    public void Gradients_are_central_differences_in_float64()
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var network = new Network(Spec, seed: 1, device, torch.ScalarType.Float64);
        using var loss = LossCatalog.Create("BatchCE", new(new(), [1, 1, 1], 0));
        var input = torch.randn(7, 6, dtype: torch.float64, device: device, generator: new(5, device));
        var labels = torch.tensor([0L, 1, 2, 0, 1, 2, 1], device: device);
        torch.Tensor Logits() => network.Head.Forward(network.Trunk.Forward(input));
        double Value() => loss.Evaluate(Logits(), labels, 0).Value.item<double>();

        network.Trunk.Backward(network.Head.Backward(loss.Evaluate(Logits(), labels, 0).Gradient, 0), 0);
        var gradient = network.Parameters.Gradient.clone();
        for (var i = 0; i < gradient.shape[0]; i++)
        {
            const double h = 1e-6;
            var entry = network.Parameters.Values.narrow(0, i, 1);
            entry.add_(h);
            var up = Value();
            entry.sub_(2 * h);
            var slope = (up - Value()) / (2 * h);
            entry.add_(h);
            Assert.True(Math.Abs(gradient[i].item<double>() - slope) < 1e-8, $"entry {i}: {gradient[i].item<double>()} against {slope}");
        }
    }

    [Fact]
    public void Backward_keeps_beta_of_what_was_gathered()
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var network = new Network(Spec, seed: 1, device, torch.ScalarType.Float64);
        var input = torch.randn(7, 6, dtype: torch.float64, device: device);
        void Backward(double beta)
        {
            network.Head.Forward(network.Trunk.Forward(input));
            network.Trunk.Backward(network.Head.Backward(torch.ones(7, 3, dtype: torch.float64, device: device), beta), beta);
        }

        Backward(0);
        var once = network.Parameters.Gradient.clone();
        Backward(0.75);
        Assert.InRange((network.Parameters.Gradient - (once * 1.75)).abs().max().item<double>(), 0, 1e-12);
    }

    [Fact]
    public void Training_pass_is_batch_normalisation_as_libtorch_has_it()
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var network = new Network(Spec, seed: 4, device, torch.ScalarType.Float64);
        var input = torch.randn(9, 6, dtype: torch.float64, device: device);
        var named = network.Parameters.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value);
        var (mean, variance) = (torch.zeros(5, dtype: torch.float64, device: device), torch.ones(5, dtype: torch.float64, device: device));
        var first = torch.nn.functional.batch_norm(
            input.mm(named["trunk.0.weight"].t()), mean, variance, named["trunk.0.norm.weight"], named["trunk.0.norm.bias"], true, 0.1, 1e-5).relu();
        var second = torch.nn.functional.batch_norm(
            first.mm(named["trunk.1.weight"].t()), torch.zeros(4, dtype: torch.float64, device: device), torch.ones(4, dtype: torch.float64, device: device),
            named["trunk.1.norm.weight"], named["trunk.1.norm.bias"], true, 0.1, 1e-5).relu();

        Assert.InRange((network.Trunk.Forward(input) - second).abs().max().item<double>(), 0, 1e-12);
        var statistics = network.Trunk.Statistics.ToDictionary(statistic => statistic.Name, statistic => statistic.Value);
        Assert.InRange((statistics["trunk.0.norm.running_mean"] - mean).abs().max().item<double>(), 0, 1e-14);
        Assert.InRange((statistics["trunk.0.norm.running_var"] - variance).abs().max().item<double>(), 0, 1e-14);
        var inferred = torch.nn.functional.batch_norm(
            input.mm(named["trunk.0.weight"].t()), mean, variance, named["trunk.0.norm.weight"], named["trunk.0.norm.bias"], false, 0.1, 1e-5).relu();
        var inferredSecond = torch.nn.functional.batch_norm(
            inferred.mm(named["trunk.1.weight"].t()), statistics["trunk.1.norm.running_mean"], statistics["trunk.1.norm.running_var"],
            named["trunk.1.norm.weight"], named["trunk.1.norm.bias"], false, 0.1, 1e-5).relu();
        Assert.InRange((network.Trunk.Infer(input) - inferredSecond).abs().max().item<double>(), 0, 1e-12);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(7, 5)]
    [InlineData(130, 70)]
    [InlineData(3, 16)]
    [InlineData(65, 33)]
    [InlineData(128, 500)]
    [InlineData(64, 128)]
    public void The_kernel_does_what_libtorch_does(int m, int units)
    {
        Assert.SkipUnless(TestDevice.Name == "cpu", "The kernel is the CPU's.");
        var single = Run(torch.ScalarType.Float32);
        var exact = Run(torch.ScalarType.Float64);
        Assert.All(single.Zip(exact), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 2e-5 * Math.Max(1, Math.Abs(pair.Second))));

        double[] Run(torch.ScalarType type)
        {
            var device = TestDevice.Open();
            using var scope = torch.NewDisposeScope();
            using var noGrad = torch.no_grad();
            using var parameters = new ParameterBuffer();
            float[] Values(int seed) => InitialWeights.Uniform(units, 1, seed, 0)();
            var scale = parameters.Add("scale", () => Values(1), units);
            var shift = parameters.Add("shift", () => Values(2), units);
            parameters.Allocate(device, type);
            parameters.Gradient.fill_(0.5);
            using var norm = new BatchNorm("norm", scale, shift);
            foreach (var statistic in norm.Statistics)
                statistic.Allocate(device, type);
            var a = torch.tensor(InitialWeights.Uniform(m, units, 3, 0)(), m, units).to(type).mul_(5).add_(2);
            var output = norm.Forward(a).clone();
            var gradient = norm.Backward(torch.tensor(InitialWeights.Uniform(m, units, 4, 0)(), m, units).to(type), 0.75);
            torch.Tensor[] all = [output, gradient, parameters.Gradient, .. norm.Statistics.Select(statistic => statistic.Value)];
            return [.. all.SelectMany(tensor => tensor.to(torch.float64).flatten().data<double>().ToArray())];
        }
    }

    [Fact]
    public void The_papers_network_has_the_parameters_of_its_sizes()
    {
        using var network = new Network(NetworkCatalog.Describe("mlp", [1, 28, 28], [500, 500], 10), 0, TestDevice.Open());
        Assert.Equal((784 * 500) + (500 * 500) + (4 * 500) + (500 * 10) + 10, network.Parameters.Values.shape[0]);
    }

    [Fact]
    public void Seeds_decide_the_initial_weights()
    {
        Assert.Equal(InitialWeights.Uniform(5, 6, 1, 0)(), InitialWeights.Uniform(5, 6, 1, 0)());
        Assert.NotEqual(InitialWeights.Uniform(5, 6, 1, 0)(), InitialWeights.Uniform(5, 6, 2, 0)());
        Assert.NotEqual(InitialWeights.Uniform(5, 6, 1, 0)(), InitialWeights.Uniform(5, 6, 1, 1)());
        Assert.All(InitialWeights.Uniform(50, 16, 3, 0)(), value => Assert.InRange(value, -0.25f, 0.25f));
    }

    [Theory]
    [InlineData("MPL", 5, "UnknownNetwork")]
    [InlineData("MLP", 0, "InvalidHiddenUnit")]
    [InlineData("MLP", int.MaxValue, "InvalidHiddenUnit")]
    [InlineData("MLP", 1_048_576, "InvalidHiddenUnit")]
    public void Refuses_what_it_cannot_build(string name, int units, string errorId) =>
        Assert.Equal(errorId, Assert.Throws<SlcException>(() => NetworkCatalog.Describe(name, [4], [units, 1000], 2)).ErrorId);
}

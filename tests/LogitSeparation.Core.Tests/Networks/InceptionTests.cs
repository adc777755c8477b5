using LogitSeparation.Core.Data;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Tests.Formats;
using LogitSeparation.Core.Training;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Networks;

/// <summary>Inception-v3.</summary>
public sealed class InceptionTests
{
    [Fact]
    public void It_has_the_parameters_of_torchvisions_form_and_5_71_billion_multiply_adds()
    {
        // https://pytorch.org/vision/stable/models/generated/torchvision.models.inception_v3.html
        var info = NetworkCatalog.Inspect("inceptionv3", [], [], 1000);
        Assert.Equal([3, 299, 299], info.InputShape);
        Assert.Equal(27_161_264, info.ParameterCount);
        Assert.Equal(5.71, info.MultiplyAddCount / 1e9, 0.005);
        Assert.Equal(info.MultiplyAddCount - (999 * 2048), info.SingleLogitMultiplyAddCount);
        Assert.Equal("head", info.Layer[^1].Name);
    }

    [Theory]
    [InlineData("conv1a", "32x149x149")]
    [InlineData("pool1", "64x73x73")]
    [InlineData("conv4a", "192x71x71")]
    [InlineData("mixed5b.b3.1", "32x35x35")]
    [InlineData("mixed6a.b0.0", "384x17x17")]
    [InlineData("mixed6e.b2.4", "192x17x17")]
    [InlineData("auxiliary.conv0", "128x5x5")]
    [InlineData("auxiliary.conv1", "768x1x1")]
    [InlineData("mixed7a.b1.3", "192x8x8")]
    [InlineData("mixed7c.b2.2.b1.0", "384x8x8")]
    public void Its_maps_have_the_articles_sizes(string layer, string shape)
    {
        var found = NetworkCatalog.Inspect("InceptionV3", [3, 299, 299], [], 10).Layer.Single(item => item.Name == "trunk." + layer);
        Assert.Equal(shape, string.Join('x', found.OutputShape));
    }

    [Fact]
    public void Large_colour_pictures_get_it_and_others_do_not()
    {
        Assert.Equal("InceptionV3", NetworkCatalog.Describe("Auto", [3, 299, 299], [], 5).Name);
        Assert.Equal("CNN", NetworkCatalog.Describe("Auto", [3, 74, 299], [], 5).Name);
        var small = Assert.Throws<SlcException>(() => NetworkCatalog.Describe("InceptionV3", [3, 74, 299], [], 5));
        Assert.Equal("NetworkInputMismatch", small.ErrorId);
        Assert.Contains("at least 75", small.Message, StringComparison.Ordinal);
        Assert.Equal("InvalidHiddenUnit", Assert.Throws<SlcException>(() => NetworkCatalog.Describe("InceptionV3", [3, 299, 299], [9], 5)).ErrorId);
    }

    [Theory]
    [InlineData(3, 75, 75)]
    [InlineData(1, 90, 140)]
    [InlineData(3, 299, 299)]
    public void It_takes_pictures_of_many_sizes(int channels, int height, int width)
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var network = new Network(NetworkCatalog.Describe("InceptionV3", [channels, height, width], [], 4), 1, device);
        Assert.Equal(network.Parameters.Values.shape[0], NetworkCatalog.Inspect("InceptionV3", [channels, height, width], [], 4).ParameterCount);
        var input = torch.randn(2, channels * height * width, device: device);
        var outputs = network.Forward(input);
        Assert.Equal([1, 0.4], outputs.Select(output => output.Weight));
        Assert.All(outputs, output => Assert.Equal([2L, 4L], output.Logits.shape));
        Assert.Equal([2L, 2048L], network.Trunk.Infer(input).shape);

        // What is announced is what the layers make.
        var weights = network.Parameters.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Shape);
        Assert.Equal([768, 128, 5, 5], weights["trunk.auxiliary.conv1.weight"]);
        Assert.Equal([4, 768], weights["trunk.auxiliary.head.weight"]);
        Assert.Equal([4, 2048], weights["head.weight"]);
    }

    [Fact]
    public void Gradients_of_both_heads_together_are_central_differences_in_float64()
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var network = new Network(new("InceptionV3", [1, 75, 75], [], 3), seed: 1, device, torch.ScalarType.Float64);
        using var loss = LossCatalog.Create("BatchCE", new(new(), [1, 1, 1], 0));
        var input = torch.randn(3, 75 * 75, dtype: torch.float64, device: device, generator: new(5, device));
        var labels = torch.tensor([0L, 1, 2], device: device);
        double Value()
        {
            using var step = torch.NewDisposeScope();
            return network.Forward(input).Sum(output => output.Weight * loss.Evaluate(output.Logits, labels, 0).Value.item<double>());
        }

        network.Backward([.. network.Forward(input).Select(output => loss.Evaluate(output.Logits, labels, 0).Gradient * output.Weight)], 0);
        var gradient = network.Parameters.Gradient.clone();
        string[] probed = ["trunk.conv1a.weight", "trunk.mixed6e.b0.0.norm.weight", "trunk.auxiliary.conv1.weight", "trunk.auxiliary.head.bias",
            "trunk.mixed7c.b2.2.b1.0.weight", "head.weight"];
        var offset = 0L;
        var checks = 0;
        foreach (var parameter in network.Parameters.Parameters)
        {
            if (probed.Contains(parameter.Name))
            {
                // Normalisation over three examples bends sharply, so the steeper a slope is the shorter it is looked at.
                var steepest = offset + gradient.narrow(0, offset, parameter.Length).abs().argmax().item<long>();
                var h = 1e-7 / Math.Max(1, Math.Abs(gradient[steepest].item<double>()));
                var entry = network.Parameters.Values.narrow(0, steepest, 1);
                entry.add_(h);
                var up = Value();
                entry.sub_(2 * h);
                var slope = (up - Value()) / (2 * h);
                entry.add_(h);
                Assert.True(Math.Abs(slope) > 1e-5, $"{parameter.Name}: {slope}");
                Assert.Equal(slope, gradient[steepest].item<double>(), 1e-4 * Math.Abs(slope));
                checks++;
            }

            offset += parameter.Length;
        }

        Assert.Equal(probed.Length, checks);
    }

    [Fact]
    public void It_is_trained_saved_and_read_again()
    {
        using var folder = new TemporaryFolder();
        var stop = TestContext.Current.CancellationToken;
        var random = new Random(1);
        DataSplit Create(Split split, int count) => new(
            split, new ByteExamples(
                [.. Enumerable.Range(0, count * 75 * 75).Select(_ => (byte)random.Next(256))], 75 * 75, [.. Enumerable.Range(0, count).Select(i => i % 2)]),
            null, 2);
        var data = new Dataset(
            new("Noise", null, "none", 0, 2), ["a", "b"], [1, 75, 75], new(100, 60),
            Create(Split.Train, 6), Create(Split.Validation, 2), Create(Split.Test, 3));
        var options = new TrainingOptions { Network = "InceptionV3", StepCount = 2, BatchSize = 4, LearningRate = [0.001], Device = TestDevice.Name };
        var model = Trainer.Train(data, ["BatchCE"], new(), options, null, stop).Single().Model!;
        Assert.Equal(2048, model.FeatureCount);
        ModelFile.Export(model, folder["inception.safetensors"], stop);
        Assert.Equal(Logits(model), Logits(ModelFile.Import(folder["inception.safetensors"], stop)));

        float[] Logits(Model m) => new ModelLogits(m, data, Split.Test, TestDevice.Name, stop).ToMemory().SingleLogits.ToArray();
    }

    [Fact]
    public void Evaluation_leaves_the_auxiliary_head_alone()
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var network = new Network(new("InceptionV3", [1, 75, 75], [], 3), seed: 1, device);
        var input = torch.randn(3, 75 * 75, device: device);
        var before = network.Trunk.Infer(input).clone();
        foreach (var parameter in network.Parameters.Parameters.Where(parameter => parameter.Name.StartsWith("trunk.auxiliary", StringComparison.Ordinal)))
            parameter.Value.mul_(3);
        Assert.Equal(0.0, (network.Trunk.Infer(input) - before).abs().max().item<float>());

        // An example's features do not depend on the others.
        Assert.InRange((network.Trunk.Infer(input)[..1] - network.Trunk.Infer(input[..1])).abs().max().item<float>(), 0, 1e-4f);
    }
}

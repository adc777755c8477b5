using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Training;
using TorchSharp;

namespace LogitSeparation.Benchmarks;

/// <summary>
/// A training step of the paper's convolutional network (3 x 32 x 32, batch 32, SGD with momentum, float32) against the time that its
/// floating-point operations would take at the rate of a large matrix product: three times those of the forward pass, less the
/// gradient by the input of the first layer.
/// </summary>
internal static class ConvolutionBenchmark
{
    private const int BatchSize = 32;
    private const int ProductSize = 1536;

    public static void Run()
    {
        var dataset = RandomDataset.Create(4096, 3, 32, 32);
        var options = new TrainingOptions { StepCount = int.MaxValue, LearningRate = [1e-3], BatchSize = BatchSize };
        var spec = NetworkCatalog.Describe("CNN", dataset.ExampleShape, [], dataset.ClassCount);
        var layers = NetworkCatalog.Inspect("CNN", dataset.ExampleShape, [], dataset.ClassCount).Layer;
        var operations = 2.0 * BatchSize * ((3 * layers.Sum(layer => layer.MultiplyAddCount)) - layers[0].MultiplyAddCount);

        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        using var train = new DeviceSplit(dataset.Train, dataset.Scaling, torch.CPU);
        using var run = new TrainingRun(dataset, train, null, "BatchCE", new(), options, spec, torch.CPU);
        var (a, b) = (torch.rand(ProductSize, ProductSize), torch.rand(ProductSize, ProductSize));
        var step = 0L;
        var measured = Ratio.Measure(() => run.TakeStep(step++), () => a.mm(b), rounds: 7, seconds: 10, warmUp: 2);
        var expected = measured.BaselineMilliseconds * operations / (2.0 * ProductSize * ProductSize * ProductSize);
        new Ratio(measured.Milliseconds, expected).Print($"step, CNN, batch {BatchSize}, {operations / 1e9:F1} GFLOP", "at a product's rate", 2.5);
        CompareLayouts(channels: 128, maps: 256, kernel: 5, side: 16);
        CompareLayouts(channels: 256, maps: 256, kernel: 1, side: 16);
    }

    // A layer forward and backward with the channels of a picture's point together in memory, over that with each channel's points together.
    private static void CompareLayouts(long channels, long maps, long kernel, long side)
    {
        using var scope = torch.NewDisposeScope();
        using var grad = torch.enable_grad();
        var weight = torch.rand(maps, channels, kernel, kernel).requires_grad_();
        var first = torch.rand(BatchSize, channels, side, side);
        var last = first.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        Ratio.Measure(() => Pass(last), () => Pass(first), rounds: 5, seconds: 4, warmUp: 2)
            .Print($"{kernel} x {kernel} convolution, channels last", "channels first", null);

        void Pass(torch.Tensor input)
        {
            using var pass = torch.NewDisposeScope();
            var maps = torch.nn.functional.conv2d(input.detach().requires_grad_(), weight, padding: [kernel / 2, kernel / 2]);
            torch.autograd.grad([maps], [weight], [maps.detach()]);
        }
    }
}

using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Training;
using TorchSharp;

namespace LogitSeparation.Benchmarks;

/// <summary>
/// A training step of the paper's MLP (784-500-500-10, batch 128, SGD with momentum, float32) against its own eight matrix
/// products, on the network's own weights and activations of the same shapes.
/// </summary>
internal static class StepBenchmark
{
    public static void Run()
    {
        var dataset = RandomDataset.Create();
        var options = new TrainingOptions { StepCount = int.MaxValue, LearningRate = [1e-3] };
        var spec = NetworkCatalog.Describe("MLP", dataset.ExampleShape, options.HiddenUnit, dataset.ClassCount);
        using var noGrad = torch.no_grad();
        foreach (var loss in LossCatalog.All)
        {
            using var train = new DeviceSplit(dataset.Train, dataset.Scaling, torch.CPU);
            using var run = Start(train, loss.Name, options);
            var step = 0L;
            using var scope = torch.NewDisposeScope();
            Ratio.Measure(() => run.TakeStep(step++), MatrixProducts(run.Network, options.BatchSize), seconds: 4)
                .Print($"step, MLP, batch 128, {loss.Name}", "eight products", 1.15);
        }

        CompareRounded();

        TrainingRun Start(DeviceSplit train, string loss, TrainingOptions options) => new(dataset, train, null, loss, new(), options, spec, torch.CPU);

        // Whether bfloat16 is worth it: not where the processor has no units for it.
        void CompareRounded()
        {
            using var train = new DeviceSplit(dataset.Train, dataset.Scaling, torch.CPU);
            using var full = Start(train, "BatchCE", options);
            using var rounded = Start(train, "BatchCE", options with { ProductPrecision = ProductPrecision.BFloat16 });
            var step = 0L;
            Ratio.Measure(() => rounded.TakeStep(step++), () => full.TakeStep(step++), seconds: 4)
                .Print("step, MLP, batch 128, BatchCE in bfloat16", "in float32", null);
        }
    }

    private static Action MatrixProducts(Network network, int m)
    {
        var weights = network.Parameters.Parameters.Where(parameter => parameter.Shape.Count == 2).Select(parameter => parameter.Value).ToArray();
        var (w1, w2, w3) = (weights[0], weights[1], weights[2]);
        var (x, h1, h2) = (torch.rand(m, 784), torch.rand(m, 500), torch.rand(m, 500));
        var (a1, a2, z) = (torch.rand(m, 500), torch.rand(m, 500), torch.rand(m, 10));
        return () =>
        {
            x.mm(w1.t());
            h1.mm(w2.t());
            h2.mm(w3.t());
            z.t().mm(h2);
            z.mm(w3);
            a2.t().mm(h1);
            a2.mm(w2);
            a1.t().mm(x);
        };
    }
}

using System.Diagnostics;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Training;
using TorchSharp;

namespace LogitSeparation.Benchmarks;

/// <summary>Resident memory and live tensors over 20,000 steps, which must not grow.</summary>
internal static class MemoryBenchmark
{
    private const int Steps = 20_000;

    public static void Run()
    {
        var dataset = RandomDataset.Create(6000);
        var options = new TrainingOptions { StepCount = Steps, LearningRate = [1e-3], HiddenUnit = [100, 100] };
        var spec = NetworkCatalog.Describe("MLP", dataset.ExampleShape, options.HiddenUnit, dataset.ClassCount);
        using var train = new DeviceSplit(dataset.Train, dataset.Scaling, torch.CPU);
        using var run = new TrainingRun(dataset, train, null, "BatchCE", new LossOptions(), options, spec, torch.CPU);
        using var noGrad = torch.no_grad();
        for (var step = 0; step < Steps; step++)
        {
            run.TakeStep(step);
            if (step % (Steps / 5) == Steps / 10)
                Report(step);
        }
    }

    private static void Report(int step)
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(FormattableString.Invariant(
            $"step {step,6}: {process.WorkingSet64 / 1048576.0,7:F1} MiB resident, {torch.Tensor.TotalCount} tensors"));
    }
}

using LogitSeparation.Core.Data;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Training;
using TorchSharp;

namespace LogitSeparation.Benchmarks;

/// <summary>
/// Training steps (64 features, one hidden layer of 64, batch 128, SGD with momentum, float32) with ever more classes: NCE and binary CE
/// with 5 sampled classes an example, whose time must not grow, and batch CE, whose memory must not grow beyond weights and optimizer and
/// whose time is held against libtorch's own linear layer and cross-entropy, forward and backward.
/// </summary>
internal static class ClassBenchmark
{
    private const int FeatureCount = 64;
    private const int TrainCount = 4096;
    private const int WarmUpSteps = 3;

    /// <summary>Logits, their logarithms of probabilities, and the derivatives by both.</summary>
    private const int BaselineCopies = 4;

    private static readonly int[] ClassCounts = [1_000, 10_000, 100_000, 1_000_000];
    private static readonly TrainingOptions Options = new() { StepCount = int.MaxValue, LearningRate = [1e-3], HiddenUnit = [FeatureCount] };
    private static readonly (string Loss, LossOptions Options)[] Trainers =
    [
        ("NCE", new() { NoiseSampling = NoiseSampling.Sampled }),
        ("BinaryCE", new() { NegativeCount = 5 }),
        ("BatchCE", new()),
        ("CE", new()),
        ("MaxMargin", new()),
        ("BatchMaxMargin", new()),
    ];

    public static void Run()
    {
        using var noGrad = torch.no_grad();
        var fewest = new Dictionary<string, double>();
        foreach (var classCount in ClassCounts)
        {
            var dataset = CreateDataset(classCount);
            foreach (var (loss, lossOptions) in Trainers)
                Measure(dataset, loss, lossOptions, fewest);
        }
    }

    private static void Measure(Dataset dataset, string loss, LossOptions lossOptions, Dictionary<string, double> fewest)
    {
        var what = $"step, {loss}, k = {dataset.ClassCount}";
        var before = PeakMemory.Restart();
        using var scope = torch.NewDisposeScope();
        using var train = new DeviceSplit(dataset.Train, dataset.Scaling, torch.CPU);
        var spec = NetworkCatalog.Describe("MLP", dataset.ExampleShape, Options.HiddenUnit, dataset.ClassCount);
        using var run = new TrainingRun(dataset, train, null, loss, lossOptions, Options, spec, torch.CPU);
        PeakMemory.Restart();
        var step = 0L;
        for (; step < WarmUpSteps; step++)
            run.TakeStep(step);
        PrintMemory(what, PeakMemory.Read() - before, dataset.ClassCount);
        if (lossOptions.NegativeCount > 0 || lossOptions.NoiseSampling == NoiseSampling.Sampled)
        {
            var time = 1000 * Fastest.Of(() => run.TakeStep(step++));
            fewest.TryAdd(loss, time);
            new Ratio(time, fewest[loss]).Print(what, "with 1000 classes", 1.5);
        }
        else if (BaselineCopies * 4.0 * Options.BatchSize * dataset.ClassCount < GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2.0)
        {
            Ratio.Measure(() => run.TakeStep(step++), Baseline(run.Network), rounds: 5)
                .Print(what, "linear, cross_entropy", loss == "BatchCE" ? 1.5 : null);
        }
        else
        {
            Console.WriteLine(FormattableString.Invariant($"{what,-44} {1000 * Fastest.Once(() => run.TakeStep(step++)),9:F3} ms"));
        }
    }

    // A lazy momentum is not resident before it is touched; where SGD has momentum, batch CE gathers a step's gradients beside it.
    private static void PrintMemory(string what, double peak, int classCount)
    {
        var weights = 4.0 * classCount * (FeatureCount + 1) / 1048576;
        Console.WriteLine(FormattableString.Invariant($"{what,-44} {peak,9:F1} MiB at most; weights {weights:F1}, ")
            + FormattableString.Invariant($"with momentum {2 * weights:F1}, with gradients {3 * weights:F1}; all logits {4.0 * Options.BatchSize * classCount / 1048576:F1}"));
    }

    // What a step of PyTorch's does for the head without its optimizer.
    private static Action Baseline(Network network)
    {
        var weight = network.Head.Weight.Value.clone().requires_grad_();
        var bias = network.Head.Bias.Value.clone().requires_grad_();
        var features = torch.randn(Options.BatchSize, FeatureCount).requires_grad_();
        var labels = torch.randint(weight.shape[0], Options.BatchSize, dtype: torch.int64);
        return () =>
        {
            using var grad = torch.enable_grad();
            var logits = torch.nn.functional.linear(features, weight, bias);
            torch.nn.functional.cross_entropy(logits, labels).backward();
            foreach (var leaf in new[] { weight, bias, features })
            {
                leaf.grad?.Dispose();
                leaf.grad = null;
            }
        };
    }

    private static Dataset CreateDataset(int classCount)
    {
        var random = new Random(1);
        var values = new float[TrainCount * FeatureCount];
        for (var i = 0; i < values.Length; i++)
            values[i] = random.NextSingle() - 0.5f;
        var labels = Enumerable.Range(0, TrainCount).Select(_ => random.Next(classCount)).ToArray();
        var names = Enumerable.Range(0, classCount).Select(j => j.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        return new(
            new("Random", null, "", 0, 0), names, [FeatureCount], new(0, 1), new(Split.Train, new FloatExamples(values, FeatureCount, labels), null, classCount),
            new(Split.Validation, new FloatExamples([], FeatureCount, []), null, classCount), new(Split.Test, new FloatExamples([], FeatureCount, []), null, classCount));
    }
}

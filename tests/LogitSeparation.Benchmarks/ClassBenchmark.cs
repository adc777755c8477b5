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
        var first = new Dictionary<string, double>();
        foreach (var classCount in ClassCounts)
        {
            var dataset = CreateDataset(classCount);
            var spec = NetworkCatalog.Describe("MLP", dataset.ExampleShape, Options.HiddenUnit, classCount);
            var fits = 16.0 * Options.BatchSize * classCount < GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 3.0;
            foreach (var (loss, lossOptions) in Trainers)
            {
                var before = PeakMemory.Restart();
                using var scope = torch.NewDisposeScope();
                using var train = new DeviceSplit(dataset.Train, dataset.Scaling, torch.CPU);
                using var run = new TrainingRun(dataset, train, null, loss, lossOptions, Options, spec, torch.CPU);
                var step = 0L;
                for (; step < WarmUpSteps; step++)
                    run.TakeStep(step);
                var memory = PeakMemory.Read() - before;
                var isSampled = lossOptions.NegativeCount > 0 || lossOptions.NoiseSampling == NoiseSampling.Sampled;
                var measured = Ratio.Measure(() => run.TakeStep(step++), isSampled || !fits ? () => { } : Baseline(run.Network), rounds: 5, seconds: 2);
                Print(loss, classCount, memory, measured);
                if (isSampled)
                {
                    var least = first.TryAdd(loss, measured.Milliseconds) ? measured.Milliseconds : first[loss];
                    new Ratio(measured.Milliseconds, least).Print($"step, {loss}, sampled, k = {classCount}", "fewest classes", 1.5);
                }
                else if (fits)
                {
                    measured.Print($"step, {loss}, k = {classCount}", "linear, cross_entropy", loss == "BatchCE" ? 1.5 : null);
                }
            }
        }
    }

    // Weights, momentum, and the gradients of a step, where they are not gathered in the momentum.
    private static void Print(string loss, int classCount, double memory, Ratio measured)
    {
        var weights = 4.0 * classCount * (FeatureCount + 1) / 1048576;
        Console.WriteLine(FormattableString.Invariant(
            $"{loss,-15} k = {classCount,9}: {measured.Milliseconds,9:F3} ms, peak {memory,7:F1} MiB, of which weights {weights,6:F1}, with momentum {2 * weights,6:F1}, with gradients {3 * weights,6:F1}; all logits {4.0 * Options.BatchSize * classCount / 1048576,6:F1}"));
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

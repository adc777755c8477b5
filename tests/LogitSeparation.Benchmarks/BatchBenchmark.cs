using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Training;
using TorchSharp;

namespace LogitSeparation.Benchmarks;

/// <summary>A batch in MNIST's sizes as training takes it, against the bare picking of its rows; and what augmentation adds.</summary>
internal static class BatchBenchmark
{
    private const int BatchesPerRound = 50;

    public static void Run()
    {
        var dataset = RandomDataset.Create();
        using var split = new DeviceSplit(dataset.Train, dataset.Scaling, torch.CPU);
        var bytes = new byte[dataset.Train.Count * dataset.Train.ExampleLength];
        dataset.Train.CopyTo(0, bytes);
        using var table = torch.tensor(bytes, dataset.Train.Count, dataset.Train.ExampleLength);
        using var labels = torch.tensor(Array.ConvertAll(dataset.Train.Labels.ToArray(), label => (long)label));
        using var order = new BatchOrder(dataset.Train.Count, 128, seed: 0, torch.CPU);
        using var inputs = torch.empty(128, table.shape[1]);
        foreach (var (augmentation, target) in new[] { (Augmentation.None, 1.05), (Augmentation.Flip | Augmentation.ShiftedCrop, 5) })
        {
            using var batches = new TrainingBatches(split, dataset.ExampleShape, new TrainingOptions { Augmentation = augmentation });
            var (step, bareStep) = (0L, 0L);
            Ratio.Measure(() => Repeat(() => batches.Take(step++)), () => Repeat(Pick)).Print(
                $"50 batches of 128 x 784, augmentation {augmentation}", "bare picking", target);

            void Pick()
            {
                var rows = order.Rows(bareStep++);
                InputTensor.Pick(table, rows, dataset.Scaling, inputs);
                labels.index_select(0, rows);
            }
        }
    }

    private static void Repeat(Action action)
    {
        for (var i = 0; i < BatchesPerRound; i++)
        {
            using var scope = torch.NewDisposeScope();
            action();
        }
    }
}

using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>The value of a loss on a table of logits.</summary>
/// <param name="Loss">The loss that was measured.</param>
/// <param name="Value">The mean over the table, which is taken as one batch; computed in float64.</param>
/// <param name="Dataset">The data set that the examples belong to, where known.</param>
/// <param name="Split">The split that the examples are, where known.</param>
/// <param name="TrainedWith">The loss that the model was trained with, where known.</param>
/// <param name="Count">The number of examples, n.</param>
public sealed record LossMeasurement(string Loss, double Value, string? Dataset, Split? Split, string? TrainedWith, int Count)
{
    /// <summary>Measures a loss. <c>ClassFrequency</c> noise is taken from the table's own labels; sampled noise from seed 0.</summary>
    /// <param name="logits">n x k logits with labels, at least one row.</param>
    /// <param name="loss">The name of the loss.</param>
    /// <param name="options">Its hyperparameters.</param>
    /// <exception cref="SlcException"><c>UnknownLoss</c>, <c>InvalidLossOption</c>, <c>EmptyLogits</c>, <c>LogitsTooLarge</c>.</exception>
    public static LossMeasurement Measure(Logits logits, string loss, LossOptions options)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(options);
        var info = LossCatalog.Find(loss);
        var labels = Array.ConvertAll(logits.Labels.ToArray(), label => (long)label);
        using var function = LossCatalog.Create(info.Name, new(options, CountClasses(labels, logits.ClassCount), Seed: 0));
        var values = ReadAll(logits);

        TorchRuntime.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var z = torch.tensor(values, logits.Count, logits.ClassCount);
        var value = function.Evaluate(z, torch.tensor(labels), step: 0).Value.item<double>();
        return new(info.Name, value, logits.Dataset, logits.Split, logits.Loss, logits.Count);
    }

    private static double[] ReadAll(Logits logits)
    {
        var length = (long)logits.Count * logits.ClassCount;
        if (length == 0)
            throw new SlcException("EmptyLogits", SlcErrorKind.InvalidData, "There are no logits to measure: the table is empty.");
        if (length > Array.MaxLength)
        {
            throw new SlcException("LogitsTooLarge", SlcErrorKind.InvalidData,
                $"A loss takes the table as one batch in memory: {logits.Count} x {logits.ClassCount} logits are too many. Measure a part of them.");
        }

        var values = new double[length];
        using var reader = logits.Open();
        reader.Read(0, values);
        return values;
    }

    private static int[] CountClasses(long[] labels, int classCount)
    {
        var counts = new int[classCount];
        foreach (var label in labels)
            counts[label]++;
        return counts;
    }
}

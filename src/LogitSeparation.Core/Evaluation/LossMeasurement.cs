using LogitSeparation.Core.Data;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Evaluation;

/// <summary>The value of a loss on a table of logits.</summary>
/// <param name="Loss">The loss that was measured.</param>
/// <param name="Value">The mean over the table, which is taken as one batch; computed in float64.</param>
/// <param name="Dataset">The data set that the examples belong to, where known.</param>
/// <param name="Split">The split that the examples are, where known.</param>
/// <param name="TrainedWith">The loss that the model was trained with, where known.</param>
/// <param name="Count">The number of examples, n.</param>
public sealed record LossMeasurement(string Loss, double Value, string? Dataset, Split? Split, string? TrainedWith, int Count)
{
    /// <summary>
    /// Measures a loss. Frequencies of classes are the table's own where none are given; sampled noise is from seed 0. A loss with parameters of
    /// its own has those that it was trained to where the logits are a model's that was trained with it, else its first ones.
    /// </summary>
    /// <param name="logits">n x k finite logits with labels, at least one row.</param>
    /// <param name="loss">The name of the loss.</param>
    /// <param name="options">Its hyperparameters.</param>
    /// <param name="classCounts">How often each class occurs, k numbers of at least 0; null for the table's own labels.</param>
    /// <param name="device">Where to compute; null for the CPU.</param>
    /// <exception cref="SlcException">
    /// <c>UnknownLoss</c>, <c>InvalidLossOption</c>, <c>ClassFrequencyMismatch</c>, <c>LogitsEmpty</c>, <c>LogitsTooLarge</c>, <c>NaNLogit</c>, <c>InfiniteLogit</c>.
    /// </exception>
    public static LossMeasurement Measure(
        Logits logits, string loss, LossOptions options, IReadOnlyList<int>? classCounts = null, string? device = null)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(options);
        var info = LossCatalog.Find(loss, options);
        var trained = LossCatalog.Spell(logits.Loss) == info.Name ? logits.LossWeights : null;
        using var function = LossCatalog.Create(info.Name, new(options, Counts(logits, classCounts), Seed: 0, trained));
        options.ValidateBatch(info.Name, logits.Count);
        var values = ReadAll(logits);
        var value = TorchFailure.Guard(device ?? "cpu", () => Evaluate(function, values, logits, Devices.Open(device ?? "cpu")));
        return new(info.Name, value, logits.Dataset, logits.Split, logits.Loss, logits.Count);
    }

    private static int[] Counts(Logits logits, IReadOnlyList<int>? given)
    {
        if (given is null)
            return ClassCounts.Of(logits.Labels.Span, logits.ClassCount);
        if (given.Count == logits.ClassCount && given.All(count => count >= 0))
            return [.. given];
        throw new SlcException("ClassFrequencyMismatch", SlcErrorKind.InvalidArgument,
            $"-ClassFrequency has {given.Count} numbers, the smallest {(given.Count > 0 ? given.Min() : 0)}, but the logits have {logits.ClassCount} classes: give for each the number of its "
            + "training examples, at least 0.", given);
    }

    private static double Evaluate(Loss function, double[] values, Logits logits, torch.Device target)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var z = torch.tensor(values, logits.Count, logits.ClassCount, device: target);
        var labels = torch.tensor(Array.ConvertAll(logits.Labels.ToArray(), label => (long)label), device: target);
        return function.Evaluate(z, labels, step: 0).Value.item<double>();
    }

    private static double[] ReadAll(Logits logits)
    {
        var length = (long)logits.Count * logits.ClassCount;
        if (length == 0)
            throw new SlcException("LogitsEmpty", SlcErrorKind.InvalidData, "There are no logits to measure: the table is empty.");
        if (length > Array.MaxLength)
            throw logits.TooLarge("A loss takes the table as one batch");

        var values = new double[length];
        using var reader = logits.Open();
        reader.Read(0, values);
        var wrong = Array.FindIndex(values, value => !double.IsFinite(value));
        return wrong < 0 ? values : throw NotFinite(logits, values[wrong], wrong);
    }

    private static SlcException NotFinite(Logits logits, double value, int position)
    {
        var (example, column) = (position / logits.ClassCount, position % logits.ClassCount);
        if (double.IsNaN(value))
            return LogitErrors.NaN(logits, example, column);
        return new("InfiniteLogit", SlcErrorKind.InvalidData,
            FormattableString.Invariant($"The logit of example {example} for class '{logits.ClassNames[column]}' is {value}: ") +
            "a loss is defined for finite logits. Look at the model or file that they come from.", example);
    }
}

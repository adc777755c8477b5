using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Runtime;
using LogitSeparation.Core.Thresholds;

namespace LogitSeparation.Core.Classes;

/// <summary>
/// Gives a trained model another class by one new row of its head, fitted to a few examples against others. Each logit stands alone, so
/// the other rows, their biases and their thresholds stay as they are, to the bit.
/// </summary>
public static class ClassAddition
{
    /// <summary>Adds a class.</summary>
    /// <param name="model">The model; not changed.</param>
    /// <param name="name">The class, one of the data set's that the model lacks.</param>
    /// <param name="dataset">
    /// Has the class: its training split fits the row, its validation split chooses the threshold, and its test split tells what both do.
    /// </param>
    /// <param name="options">How; null for the usual.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>A model with one class more, at the end, that carries the class's threshold and what the test split says of it.</returns>
    /// <exception cref="SlcException">
    /// <c>ClassExists</c>, <c>UnknownClass</c>, <c>NoExamples</c>, <c>NoHeldOutExamples</c>, <c>NoNegatives</c>, <c>ExampleShapeMismatch</c>, those of
    /// <see cref="ClassAdditionOptions"/> and <see cref="ThresholdSearch.Measure"/>.
    /// </exception>
    public static Model Add(Model model, string name, Dataset dataset, ClassAdditionOptions? options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(dataset);
        options ??= new();
        options.Validate();
        using var examples = new ClassExamples(model, name, dataset, options, Devices.Open(options.Device), cancellation);
        var (train, isPositive) = examples.Read(Split.Train);
        var (held, isHeldPositive) = examples.Read(Split.Validation);
        var row = RowFit.Find(train, isPositive, options.Penalty, cancellation);
        row = RowPlacement.Place(row, held, isHeldPositive, examples.RowsOfNegatives, model);

        var threshold = ChooseThreshold(name, row.Logits(held), isHeldPositive, options.Threshold);
        var (test, isTestPositive) = examples.Read(Split.Test);
        var selected = Array.ConvertAll(row.Logits(test), z => z > threshold.Threshold);
        var positives = isPositive.Count(value => value);
        var added = new AddedClass(
            name, dataset.Name, positives, isPositive.Length - positives, threshold.Threshold, isTestPositive.Count(value => value),
            selected.Count(value => value), selected.Where((value, i) => value && isTestPositive[i]).Count());
        return Extend(model, name, row, threshold, added);
    }

    private static ClassThreshold ChooseThreshold(string name, float[] logits, bool[] isPositive, ThresholdOptions options)
    {
        // A table with the column asked for, and one that nobody reads for the other examples.
        var table = new float[logits.Length * 2];
        for (var i = 0; i < logits.Length; i++)
            table[2 * i] = logits[i];
        var labels = Array.ConvertAll(isPositive, value => value ? 0 : 1);
        return ThresholdSearch.Measure(new MemoryLogits(table, labels, new[] { name, $"not {name}" }), 0, options);
    }

    private static Model Extend(Model model, string name, HeadRow row, ClassThreshold threshold, AddedClass added)
    {
        var (k, d) = (model.Network.ClassCount, model.FeatureCount);
        var extended = model.WithHead(
            [.. model.ClassNames, name],
            [.. model.GetWeight("head.weight", [k, d]).Values.Span, .. row.Weight],
            [.. model.GetWeight("head.bias", [k]).Values.Span, row.Bias],
            [.. model.AddedClass, added]);
        extended.Keep([.. model.Threshold, threshold.ToKept()]);
        return extended;
    }
}

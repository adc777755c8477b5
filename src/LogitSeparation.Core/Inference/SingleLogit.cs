using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Inference;

/// <summary>
/// Single Logit Classification: is this example of that class? Answered by z_j &gt; T from the trunk and one row of the head, at
/// a cost that does not depend on the number of classes.
/// </summary>
public static class SingleLogit
{
    /// <summary>Finds the examples of a class, block by block, in the order of the split.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dataset">Where to look; any data set with examples of the model's shape.</param>
    /// <param name="split">Which of its examples.</param>
    /// <param name="classIndex">The class, 0 … k-1.</param>
    /// <param name="threshold">T: an example matches where its logit is above it.</param>
    /// <param name="device">Where to compute; null for the CPU.</param>
    /// <param name="cancellation">Looked at before each block.</param>
    /// <exception cref="SlcException"><c>ClassOutOfRange</c>, <c>ExampleShapeMismatch</c>.</exception>
    public static IEnumerable<Match> Find(
        Model model, Dataset dataset, Split split, int classIndex, double threshold, string? device, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        if ((uint)classIndex >= (uint)model.ClassNames.Count)
        {
            throw new SlcException("ClassOutOfRange", SlcErrorKind.InvalidArgument,
                $"Class {classIndex} is not one of the model's: its classes are 0 … {model.ClassNames.Count - 1}.", classIndex);
        }

        FeatureReader.CheckShape(model, dataset);
        return FindBlocks(model, dataset, split, classIndex, threshold, Devices.Open(device ?? "cpu"), cancellation);
    }

    private static IEnumerable<Match> FindBlocks(
        Model model, Dataset dataset, Split split, int classIndex, double threshold, torch.Device device, CancellationToken cancellation)
    {
        using var row = new HeadRows(model, classIndex, 1, device);
        using var features = new FeatureReader(model, dataset, split, device);
        var name = model.ClassNames[classIndex];
        var labels = dataset[split].Labels;
        var rows = features.RowsFor(row);
        for (var first = 0; first < labels.Length; first += rows)
        {
            cancellation.ThrowIfCancellationRequested();
            var logits = features.Compute(row, first, Math.Min(rows, labels.Length - first));
            for (var i = 0; i < logits.Length; i++)
            {
                if (logits[i] > threshold)
                    yield return new(first + i, name, logits[i], threshold, dataset.ClassNames[labels.Span[first + i]] == name);
            }
        }
    }
}

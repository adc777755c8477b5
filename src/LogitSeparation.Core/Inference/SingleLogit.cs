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
    /// <summary>Finds the examples of some classes, block by block, in the order of the split.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dataset">Where to look; any data set with examples of the model's shape.</param>
    /// <param name="split">Which of its examples.</param>
    /// <param name="queries">The classes and their thresholds; no other row of the head is computed.</param>
    /// <param name="device">Where to compute; null for the CPU.</param>
    /// <param name="cancellation">Looked at before each block.</param>
    /// <returns>The matches of each example in the order of the queries.</returns>
    /// <exception cref="SlcException"><c>ClassOutOfRange</c>, <c>ExampleShapeMismatch</c>.</exception>
    public static IEnumerable<Match> Find(
        Model model, Dataset dataset, Split split, IReadOnlyList<ClassQuery> queries, string? device, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(queries);
        foreach (var query in queries)
        {
            if ((uint)query.Class >= (uint)model.ClassNames.Count)
            {
                throw new SlcException("ClassOutOfRange", SlcErrorKind.InvalidArgument,
                    $"Class {query.Class} is not one of the model's: its classes are 0 … {model.ClassNames.Count - 1}.", query.Class);
            }
        }

        FeatureReader.CheckShape(model, dataset);
        return FindBlocks(model, dataset, split, queries, Devices.Open(device ?? "cpu"), cancellation);
    }

    private static IEnumerable<Match> FindBlocks(
        Model model, Dataset dataset, Split split, IReadOnlyList<ClassQuery> queries, torch.Device device, CancellationToken cancellation)
    {
        using var head = new HeadRows(model, [.. queries.Select(query => query.Class)], device);
        using var features = new FeatureReader(model, dataset, split, device);
        var labels = dataset[split].Labels;
        var rows = features.RowsFor(head);
        for (var first = 0; first < labels.Length; first += rows)
        {
            cancellation.ThrowIfCancellationRequested();
            var logits = features.Compute(head, first, Math.Min(rows, labels.Length - first));
            for (var i = 0; i < logits.Length; i++)
            {
                var (query, example) = (queries[i % queries.Count], first + (i / queries.Count));
                if (!(logits[i] > query.Threshold))
                    continue;
                var name = model.ClassNames[query.Class];
                yield return new(example, name, logits[i], query.Threshold, dataset.ClassNames[labels.Span[example]] == name);
            }
        }
    }
}

using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Inference;

/// <summary>Single Logit Classification of a split in one call; see <see cref="MatchFinder"/>.</summary>
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
        using var finder = new MatchFinder(model, queries, device);
        foreach (var match in finder.Find(ExampleSource.OfSplit(dataset, split), cancellation))
            yield return match;
    }
}

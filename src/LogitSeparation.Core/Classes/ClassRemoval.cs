using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Classes;

/// <summary>Takes classes out of a model: their rows of the head, and their thresholds. The others stay as they are, to the bit.</summary>
public static class ClassRemoval
{
    /// <summary>Removes classes.</summary>
    /// <param name="model">The model; not changed.</param>
    /// <param name="names">The classes.</param>
    /// <exception cref="SlcException"><c>UnknownClass</c>, with the nearest name; <c>NoClassLeft</c>.</exception>
    public static Model Remove(Model model, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(names);
        var removed = names.Select(model.FindClass).ToHashSet();
        var kept = Enumerable.Range(0, model.ClassNames.Count).Where(j => !removed.Contains(j)).ToArray();
        if (kept.Length == 0)
        {
            throw new SlcException("NoClassLeft", SlcErrorKind.InvalidArgument,
                $"These are all classes that the model has ({removed.Count}). Leave it at least one.", names);
        }

        var (k, d) = (model.Network.ClassCount, model.FeatureCount);
        var (weight, bias) = (model.GetWeight("head.weight", [k, d]).Values, model.GetWeight("head.bias", [k]).Values);
        var left = Array.ConvertAll(kept, j => model.ClassNames[j]);
        var leftNames = left.ToHashSet(StringComparer.Ordinal);
        var smaller = model.WithHead(
            left,
            [.. kept.SelectMany(j => weight.Slice(j * d, d).ToArray())],
            Array.ConvertAll(kept, j => bias.Span[j]),
            model.AddedClass.Where(added => leftNames.Contains(added.Class)).ToArray());
        smaller.Keep(model.Threshold.Where(threshold => threshold.Class is null || leftNames.Contains(threshold.Class)));
        return smaller;
    }
}

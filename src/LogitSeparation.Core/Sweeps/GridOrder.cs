using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Sweeps;

/// <summary>
/// The order in which trials stand in a grid: by data set, seed, steps, parameters, loss, and learning rate from the highest; numbers by
/// their size. What is damaged comes last.
/// </summary>
internal sealed class GridOrder : IComparer<Trial>
{
    private static readonly string[] Losses = [.. LossCatalog.Known.Select(loss => loss.Name)];

    /// <inheritdoc/>
    public int Compare(Trial? x, Trial? y)
    {
        if (x?.Configuration is not { } one || y?.Configuration is not { } other)
            return (x?.Configuration is null).CompareTo(y?.Configuration is null);
        foreach (var order in Orders(one, x, other, y))
        {
            if (order != 0)
                return order;
        }

        return string.CompareOrdinal(x.Id, y.Id);
    }

    private static IEnumerable<int> Orders(TrialConfiguration one, Trial x, TrialConfiguration other, Trial y)
    {
        yield return string.CompareOrdinal(one.Dataset.Name, other.Dataset.Name);
        yield return one.Training.Seed.CompareTo(other.Training.Seed);
        yield return one.Training.StepCount.CompareTo(other.Training.StepCount);
        foreach (var name in x.Parameter.Keys.Intersect(y.Parameter.Keys).Order(StringComparer.Ordinal))
            yield return CompareValues(x.Parameter[name], y.Parameter[name]);
        yield return Array.IndexOf(Losses, one.Loss).CompareTo(Array.IndexOf(Losses, other.Loss));
        yield return other.Training.LearningRate[0].CompareTo(one.Training.LearningRate[0]);
    }

    private static int CompareValues(object one, object other) => one is IComparable comparable && one.GetType() == other.GetType()
        ? comparable.CompareTo(other)
        : string.CompareOrdinal(RunParameter.Show(one), RunParameter.Show(other));
}

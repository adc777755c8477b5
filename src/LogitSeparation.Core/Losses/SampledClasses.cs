using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>The classes that a batch's sampled loss reads: its labels and what was drawn, counted among themselves.</summary>
internal sealed class SampledClasses
{
    /// <summary>Finds the classes.</summary>
    /// <param name="labels">m classes.</param>
    /// <param name="draws">m t classes, row after row.</param>
    public SampledClasses(long[] labels, long[] draws)
    {
        long[] all = [.. labels, .. draws];
        Array.Sort(all);
        var count = 0;
        for (var i = 0; i < all.Length; i++)
        {
            if (i == 0 || all[i] != all[i - 1])
                all[count++] = all[i];
        }

        Classes = all[..count];
        Labels = Array.ConvertAll(labels, PlaceOf);
        Draws = Array.ConvertAll(draws, PlaceOf);
    }

    /// <summary>The distinct classes, ascending.</summary>
    public long[] Classes { get; }

    /// <summary>The place of each label in <see cref="Classes"/>.</summary>
    public long[] Labels { get; }

    /// <summary>The place of each draw in <see cref="Classes"/>.</summary>
    public long[] Draws { get; }

    /// <summary>Labels as they lie in ordinary memory.</summary>
    /// <param name="labels">m classes, int64, any device.</param>
    public static long[] Read(torch.Tensor labels)
    {
        using var scope = torch.NewDisposeScope();
        return labels.cpu().data<long>().ToArray();
    }

    private long PlaceOf(long index) => Array.BinarySearch(Classes, index);
}

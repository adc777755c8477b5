namespace LogitSeparation.Core.Losses;

/// <summary>The classes that a batch's sampled loss reads, each once, and where among them stand those of each example.</summary>
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
        var drawCount = draws.Length / labels.Length;
        Places = new long[labels.Length + draws.Length];
        for (var row = 0; row < labels.Length; row++)
        {
            var at = row * (1 + drawCount);
            Places[at] = PlaceOf(labels[row]);
            for (var s = 0; s < drawCount; s++)
                Places[at + 1 + s] = PlaceOf(draws[(row * drawCount) + s]);
        }
    }

    /// <summary>The distinct classes, ascending.</summary>
    public long[] Classes { get; }

    /// <summary>The places in <see cref="Classes"/> of each example's label and draws: m (1 + t), row after row.</summary>
    public long[] Places { get; }

    private long PlaceOf(long index) => Array.BinarySearch(Classes, index);
}

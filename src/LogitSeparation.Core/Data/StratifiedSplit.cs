namespace LogitSeparation.Core.Data;

/// <summary>
/// Holds out an exact number of examples with each class in its share: quotas by largest remainder (Hamilton's method), the
/// examples of a class drawn without replacement by SplitMix64, so the same on every platform. The last example of a
/// class is never held out.
/// </summary>
internal static class StratifiedSplit
{
    /// <summary>The largest number that can be held out: all but one of each class.</summary>
    public static int MaxCount(ReadOnlySpan<int> labels, int classCount) =>
        labels.Length - CountClasses(labels, classCount).Count(size => size > 0);

    /// <summary>Splits the examples.</summary>
    /// <param name="labels">n class indices, each 0 … k-1.</param>
    /// <param name="classCount">k.</param>
    /// <param name="count">How many to hold out, 0 … <see cref="MaxCount"/>.</param>
    /// <param name="seed">Decides which.</param>
    /// <returns>The indices kept and those held out, each ascending.</returns>
    public static (int[] Kept, int[] Held) Split(ReadOnlySpan<int> labels, int classCount, int count, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount(labels, classCount));
        var sizes = CountClasses(labels, classCount);
        var isHeld = Draw(GroupByClass(labels, sizes), Allocate(sizes, labels.Length, count), labels.Length, seed);

        var kept = new int[labels.Length - count];
        var held = new int[count];
        int nextKept = 0, nextHeld = 0;
        for (var i = 0; i < isHeld.Length; i++)
        {
            if (isHeld[i])
                held[nextHeld++] = i;
            else
                kept[nextKept++] = i;
        }

        return (kept, held);
    }

    /// <summary>The number to hold out of each class.</summary>
    internal static int[] Allocate(int[] sizes, int total, int count)
    {
        if (count == 0)
            return new int[sizes.Length];

        var allocated = Array.ConvertAll(sizes, size => (int)((long)count * size / total));
        var byRemainder = Enumerable.Range(0, sizes.Length).OrderByDescending(c => (long)count * sizes[c] % total).ToArray();

        // One round is enough unless classes of a few examples, which must keep one, cannot take their turn.
        for (var open = count - allocated.Sum(); open > 0;)
        {
            foreach (var c in byRemainder)
            {
                if (open > 0 && allocated[c] < sizes[c] - 1)
                {
                    allocated[c]++;
                    open--;
                }
            }
        }

        return allocated;
    }

    private static bool[] Draw(int[][] groups, int[] allocated, int total, int seed)
    {
        var random = new SplitMix64(unchecked((ulong)seed));
        var isHeld = new bool[total];
        for (var c = 0; c < groups.Length; c++)
        {
            // The first steps of a Fisher-Yates shuffle.
            var group = groups[c];
            for (var i = 0; i < allocated[c]; i++)
            {
                var j = i + random.Next(group.Length - i);
                (group[i], group[j]) = (group[j], group[i]);
                isHeld[group[i]] = true;
            }
        }

        return isHeld;
    }

    private static int[] CountClasses(ReadOnlySpan<int> labels, int classCount)
    {
        var sizes = new int[classCount];
        foreach (var label in labels)
            sizes[label]++;
        return sizes;
    }

    private static int[][] GroupByClass(ReadOnlySpan<int> labels, int[] sizes)
    {
        var groups = Array.ConvertAll(sizes, size => new int[size]);
        var filled = new int[sizes.Length];
        for (var i = 0; i < labels.Length; i++)
            groups[labels[i]][filled[labels[i]]++] = i;
        return groups;
    }
}

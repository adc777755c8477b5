namespace LogitSeparation.Core.Data;

/// <summary>How often each class occurs.</summary>
internal static class ClassCounts
{
    /// <summary>The number of examples of each class.</summary>
    /// <param name="labels">Class indices, each 0 … k-1.</param>
    /// <param name="classCount">k.</param>
    public static int[] Of(ReadOnlySpan<int> labels, int classCount)
    {
        var counts = new int[classCount];
        foreach (var label in labels)
            counts[label]++;
        return counts;
    }
}

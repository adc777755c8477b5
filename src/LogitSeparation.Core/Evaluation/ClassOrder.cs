namespace LogitSeparation.Core.Evaluation;

/// <summary>Examples in order of their classes.</summary>
/// <param name="Starts">k + 1 places: class j's examples are those from <c>Starts[j]</c> to <c>Starts[j + 1]</c>.</param>
/// <param name="Examples">n examples, those of one class rising.</param>
internal readonly record struct ClassOrder(int[] Starts, int[] Examples)
{
    /// <summary>Sorts examples by counting.</summary>
    /// <param name="labels">n class indices, 0 … k-1.</param>
    /// <param name="classCount">The number of classes, k.</param>
    public static ClassOrder Of(ReadOnlySpan<int> labels, int classCount)
    {
        var starts = new int[classCount + 1];
        foreach (var label in labels)
            starts[label + 1]++;
        for (var j = 0; j < classCount; j++)
            starts[j + 1] += starts[j];
        var examples = new int[labels.Length];
        var next = starts[..classCount];
        for (var i = 0; i < labels.Length; i++)
            examples[next[labels[i]]++] = i;
        return new(starts, examples);
    }
}

namespace LogitSeparation.Core.Evaluation;

/// <summary>Consecutive rows of a table that one thread looks at, few enough to stay in the cache meanwhile.</summary>
internal readonly ref struct RowGroup<T>
    where T : unmanaged
{
    /// <summary>Creates a group.</summary>
    /// <param name="firstExample">The first row's example.</param>
    /// <param name="classCount">The number of classes, k.</param>
    /// <param name="values">The rows, one after the other.</param>
    /// <param name="labels">A label for each row.</param>
    public RowGroup(int firstExample, int classCount, ReadOnlySpan<T> values, ReadOnlySpan<int> labels)
    {
        FirstExample = firstExample;
        ClassCount = classCount;
        Values = values;
        Labels = labels;
    }

    /// <summary>The first row's example.</summary>
    public int FirstExample { get; }

    /// <summary>The number of classes, k.</summary>
    public int ClassCount { get; }

    /// <summary>The rows, one after the other.</summary>
    public ReadOnlySpan<T> Values { get; }

    /// <summary>A label for each row.</summary>
    public ReadOnlySpan<int> Labels { get; }

    /// <summary>The number of rows.</summary>
    public int Count => Labels.Length;

    /// <summary>The k logits of a row.</summary>
    /// <param name="row">0 … <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<T> Row(int row) => Values.Slice(row * ClassCount, ClassCount);
}

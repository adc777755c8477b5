namespace LogitSeparation.Core.Data;

/// <summary>One split of a data set: rows of a shared store of examples, in a fixed order.</summary>
public sealed class DataSplit
{
    private readonly ExampleStore _store;
    private readonly int[]? _rows;
    private readonly int[] _labels;

    /// <summary>Creates a split.</summary>
    /// <param name="name">Which split it is.</param>
    /// <param name="store">The examples, shared with other splits.</param>
    /// <param name="rows">The rows of the store that belong to it, in order; null means all.</param>
    /// <param name="classCount">The number of classes, k.</param>
    internal DataSplit(Split name, ExampleStore store, int[]? rows, int classCount)
    {
        Name = name;
        ClassCount = classCount;
        _store = store;
        _rows = rows;
        _labels = rows is null ? store.Labels : Array.ConvertAll(rows, row => store.Labels[row]);
    }

    /// <summary>Which split it is.</summary>
    public Split Name { get; }

    /// <summary>The number of examples, n.</summary>
    public int Count => _labels.Length;

    /// <summary>The number of classes, k; some may have no example here.</summary>
    public int ClassCount { get; }

    /// <summary>The class index (0 … k-1) of each example.</summary>
    public ReadOnlyMemory<int> Labels => _labels;

    /// <summary>The number of bytes of one example.</summary>
    public int ExampleLength => _store.ExampleLength;

    /// <summary>The number of examples of each class.</summary>
    public int[] CountClasses() => ClassCounts.Of(_labels, ClassCount);

    /// <summary>The bytes of one example.</summary>
    /// <param name="index">0 … <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<byte> Example(int index) => _store.Example(_rows is null ? index : _rows[index]);

    /// <summary>Copies consecutive examples, row after row.</summary>
    /// <param name="first">The first example's index.</param>
    /// <param name="destination">Room for a whole number of examples.</param>
    public void CopyTo(int first, Span<byte> destination)
    {
        var rows = destination.Length / ExampleLength;
        if (_rows is null)
        {
            _store.Examples(first, rows).CopyTo(destination);
            return;
        }

        for (var i = 0; i < rows; i++)
            Example(first + i).CopyTo(destination[(i * ExampleLength)..]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Count})";
}

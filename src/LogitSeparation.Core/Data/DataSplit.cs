using System.Runtime.InteropServices;

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

    /// <summary>The number of numbers of one example.</summary>
    public int ExampleLength => _store.ExampleLength;

    /// <summary>Where the examples are, for the code that knows the kinds of stores.</summary>
    internal ExampleStore Store => _store;

    /// <summary>The number of examples of each class.</summary>
    public int[] CountClasses() => ClassCounts.Of(_labels, ClassCount);

    /// <summary>The numbers of one example as it was read, not scaled: bytes are 0 … 255. Channel by channel, row by row.</summary>
    /// <param name="index">0 … <see cref="Count"/> - 1.</param>
    /// <exception cref="SlcException">The file of a picture that is read only now is damaged.</exception>
    public float[] Example(int index)
    {
        var raw = new byte[_store.ByteLength];
        Read(index, raw);
        return _store.Type == ExampleType.Byte
            ? Array.ConvertAll(raw, value => (float)value)
            : MemoryMarshal.Cast<byte, float>(raw).ToArray();
    }

    /// <summary>The row in the store of an example.</summary>
    internal int RowOf(int index) => _rows is null ? index : _rows[index];

    /// <summary>Reads one example, as <see cref="ExampleStore.Read"/> does.</summary>
    internal void Read(int index, Span<byte> destination) => _store.Read(RowOf(index), destination);

    /// <summary>Reads one example as training sees it, as <see cref="ExampleStore.ReadForTraining"/> does.</summary>
    internal void ReadForTraining(int index, ulong seed, Span<byte> destination) => _store.ReadForTraining(RowOf(index), seed, destination);

    /// <summary>Reads consecutive examples.</summary>
    /// <param name="first">The first example's index.</param>
    /// <param name="destination">Room for a whole number of examples of <see cref="ExampleStore.ByteLength"/> bytes.</param>
    internal void CopyTo(int first, Span<byte> destination)
    {
        if (_rows is null)
        {
            _store.ReadMany(first, destination);
            return;
        }

        var length = _store.ByteLength;
        for (var i = 0; i < destination.Length / length; i++)
            Read(first + i, destination.Slice(i * length, length));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Count})";
}

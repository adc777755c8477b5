using LogitSeparation.Core.Data;
using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>
/// Reads consecutive examples of a split as network inputs on a device, block by block. What is not in memory is read ahead in the
/// expectation that the next block follows on the last.
/// </summary>
internal sealed class BlockReader(DataSplit split, PixelScaling scaling, torch.Device device) : IDisposable
{
    // The inputs of a block are not to take more memory than this.
    private const long BlockBytes = 32L << 20;

    private ReadAhead? _ahead;
    private int _next = -1;
    private int _size;

    /// <summary>The number of examples that a block should have.</summary>
    /// <param name="most">The number for small examples.</param>
    public int RowsOf(int most) => (int)Math.Clamp(BlockBytes / ((long)sizeof(float) * split.ExampleLength), 1, most);

    /// <summary>Reads a block.</summary>
    /// <param name="first">The index of its first example.</param>
    /// <param name="count">The number of its examples.</param>
    /// <returns>count x length, float32.</returns>
    public torch.Tensor Read(int first, int count) =>
        InputTensor.FromMemory(ReadRaw(first, count).Span, split.Store.Type, split.Store.ExampleLength, scaling, device);

    /// <summary>Reads a block as the numbers that the inputs are made of.</summary>
    /// <param name="first">The index of its first example.</param>
    /// <param name="count">The number of its examples.</param>
    /// <returns>The numbers of one example after the other, as they lie in memory; valid until the next block is read.</returns>
    public ReadOnlyMemory<byte> ReadRaw(int first, int count)
    {
        if (!split.Store.IsInMemory)
            return ReadBlock(first, count);
        var raw = new byte[checked(count * split.Store.ByteLength)];
        split.CopyTo(first, raw);
        return raw;
    }

    /// <inheritdoc/>
    public void Dispose() => _ahead?.Dispose();

    private ReadOnlyMemory<byte> ReadBlock(int first, int count)
    {
        if (_ahead is null || first != _next || count != Math.Min(_size, split.Count - first))
        {
            _ahead?.Dispose();
            _ahead = new(split, block => Plan(first, count, block), count, Environment.ProcessorCount);
            _size = count;
        }

        _next = first + count;
        return _ahead.Take();
    }

    private BatchPlan? Plan(int start, int size, long block)
    {
        var first = start + (block * size);
        return first >= split.Count
            ? null
            : new([.. Enumerable.Range((int)first, (int)Math.Min(size, split.Count - first))], Seeds: null);
    }
}

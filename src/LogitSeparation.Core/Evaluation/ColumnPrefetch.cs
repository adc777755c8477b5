using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// Brings columns into the cache that are read next, a row at a time: rows lie far apart, which the processor does not foresee. Nothing
/// but time depends on it, and nothing happens where the processor has no such instruction.
/// </summary>
internal unsafe struct ColumnPrefetch<T>
    where T : unmanaged
{
    private readonly nint _step;
    private nint _address;

    /// <summary>Starts at the first element.</summary>
    /// <param name="values">From the first row's first column on.</param>
    /// <param name="stride">From row to row.</param>
    public ColumnPrefetch(ReadOnlySpan<T> values, int stride)
    {
        // The memory may move, and what is fetched then is of no use; an address that is none is ignored.
        _address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(values));
        _step = (nint)stride * sizeof(T);
    }

    /// <summary>The same for columns further to the right.</summary>
    /// <param name="columns">How many.</param>
    public readonly ColumnPrefetch<T> Offset(int columns)
    {
        var moved = this;
        // The end of a panel may lie in another line of the cache than its beginning.
        moved._address += columns == 0 ? 0 : ((2 * columns) - 1) * sizeof(T);
        return moved;
    }

    /// <summary>Fetches, and goes on to the next row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fetch()
    {
        if (Sse.IsSupported)
            Sse.Prefetch0((void*)_address);
        _address += _step;
    }
}

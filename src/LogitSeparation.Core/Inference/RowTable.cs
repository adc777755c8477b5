using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LogitSeparation.Core.Indexing;

namespace LogitSeparation.Core.Inference;

/// <summary>
/// Rows of weights in native memory, each with its bias behind it, at starts of cache lines: what one logit needs is one place of memory
/// and one pass over it, whatever the number of rows. Not for several threads at once.
/// </summary>
internal sealed unsafe class RowTable : IDisposable
{
    private const int LineBytes = 64;
    private const int LineNumbers = LineBytes / sizeof(float);

    /// <summary>What lies so far apart has no entry of a page table in a cache line with the other's, down to entries for 2 MiB.</summary>
    private const nuint Apart = 16 << 20;

    private float* _first;

    /// <summary>Reserves rows without a bias; what their weights are is not decided yet.</summary>
    /// <param name="count">The number of rows.</param>
    /// <param name="width">The number of weights of a row, d.</param>
    /// <param name="isApart">
    /// Whether it gets addresses apart from all others, so that what it takes to reach a few rows after other memory was read is what it takes to
    /// reach one of many.
    /// </param>
    /// <exception cref="SlcException"><c>OutOfMemory</c>.</exception>
    public RowTable(int count, int width, bool isApart = false)
    {
        (Count, Width, Stride) = (count, width, StrideOf(width));
        try
        {
            var bytes = (nuint)BytesOf(count, width);
            _first = (float*)(isApart
                ? NativeMemory.AlignedAlloc((bytes + Apart - 1) / Apart * Apart, Apart)
                : NativeMemory.AlignedAlloc(bytes, LineBytes));
        }
        catch (OutOfMemoryException failure)
        {
            throw new SlcException("OutOfMemory", SlcErrorKind.Unavailable,
                FormattableString.Invariant($"There is no memory for {count} rows of {width} weights ({BytesOf(count, width)} bytes). Ask for fewer classes."),
                count, failure);
        }

        // Biases and what lies between rows; the weights are the caller's to decide.
        for (var row = 0; row < count; row++)
            new Span<float>(_first + (row * Stride) + width, (int)Stride - width).Clear();
    }

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    /// <summary>The number of weights of a row, d.</summary>
    public int Width { get; }

    /// <summary>How many numbers lie between the start of one row and that of the next.</summary>
    public nint Stride { get; }

    /// <summary>The memory that the rows take.</summary>
    public long ByteCount => BytesOf(Count, Width);

    /// <summary>What is read of it for one row: weights and bias.</summary>
    public long RowBytes => (Width + 1L) * sizeof(float);

    /// <summary>The multiplications with an addition that were done so far: those of the weights that were in fact multiplied.</summary>
    public long MultiplyAddCount { get; private set; }

    /// <summary>The memory that so many rows take.</summary>
    public static long BytesOf(int count, int width) => Math.Max(1L, count) * StrideOf(width) * sizeof(float);

    /// <summary>The weights of a row.</summary>
    public Span<float> Weights(int row) => new(Row(row), Width);

    /// <summary>The bias of a row.</summary>
    public ref float Bias(int row) => ref Row(row)[Width];

    /// <summary>The rows as features of as many examples.</summary>
    public FeatureRows AsFeatures() => new(_first, Stride, Count);

    /// <summary>One logit of one example: w · x + b.</summary>
    /// <param name="row">Which row; not checked.</param>
    /// <param name="x">The example's d features.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float Logit(int row, float* x)
    {
        MultiplyAddCount += Width;
        var w = _first + (row * Stride);
        return DotProduct.Single(x, w, Width) + w[Width];
    }

    /// <summary>The logits that consecutive rows give to some examples.</summary>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rowCount">Their number.</param>
    /// <param name="x">The examples.</param>
    /// <param name="logits">Out: n x rowCount.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Compute(int firstRow, int rowCount, FeatureRows x, Span<float> logits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(logits.Length, x.Count * rowCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow + rowCount, Count);
        MultiplyAddCount += (long)x.Count * rowCount * Width;
        fixed (float* z = logits)
        {
            for (var r = 0; r < rowCount; r++)
            {
                var bias = _first[((firstRow + r) * Stride) + Width];
                for (var i = 0; i < x.Count; i++)
                    z[((nint)i * rowCount) + r] = bias;
            }

            RowProduct.Add(_first + (firstRow * Stride), Stride, rowCount, x, Width, z);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_first);
        _first = null;
    }

    private float* Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count);
        ObjectDisposedException.ThrowIf(_first is null, this);
        return _first + (row * Stride);
    }

    private static nint StrideOf(int width) => ((nint)width + 1 + LineNumbers - 1) / LineNumbers * LineNumbers;
}

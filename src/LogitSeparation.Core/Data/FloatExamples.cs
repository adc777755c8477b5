using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Data;

/// <summary>Features in memory: n rows of float32 in one block.</summary>
internal sealed class FloatExamples : ExampleStore
{
    private readonly float[] _values;

    /// <summary>Creates a store.</summary>
    /// <param name="values">n x <paramref name="exampleLength"/> finite numbers, row after row; not copied.</param>
    /// <param name="exampleLength">The number of numbers of one example.</param>
    /// <param name="labels">n class indices.</param>
    public FloatExamples(float[] values, int exampleLength, int[] labels)
        : base(exampleLength, labels)
    {
        if ((long)labels.Length * exampleLength != values.LongLength)
            throw new ArgumentException($"{labels.Length} labels do not fit {values.LongLength} numbers of {exampleLength} an example.");
        _values = values;
    }

    /// <summary>The scaling where it need not be measured; null where it is.</summary>
    public PixelScaling? KnownScaling { get; init; }

    /// <inheritdoc/>
    public override PixelScaling? Scaling => KnownScaling;

    /// <inheritdoc/>
    public override ExampleType Type => ExampleType.Single;

    /// <summary>One example, where it lies.</summary>
    public ReadOnlySpan<float> Row(int row) => _values.AsSpan(checked(row * ExampleLength), ExampleLength);

    /// <inheritdoc/>
    public override void Read(int row, Span<byte> destination) => MemoryMarshal.AsBytes(Row(row)).CopyTo(destination);
}

namespace LogitSeparation.Core.Data;

/// <summary>Examples as files hold them: n rows of bytes in one block (at most 2 GiB).</summary>
internal sealed class ByteExamples : ExampleStore
{
    private readonly byte[] _values;

    /// <summary>Creates a store.</summary>
    /// <param name="values">n x <paramref name="exampleLength"/> bytes, row after row; not copied.</param>
    /// <param name="exampleLength">The number of bytes of one example.</param>
    /// <param name="labels">n class indices.</param>
    public ByteExamples(byte[] values, int exampleLength, int[] labels)
        : base(exampleLength, labels)
    {
        if ((long)labels.Length * exampleLength != values.LongLength)
            throw new ArgumentException($"{labels.Length} labels do not fit {values.LongLength} bytes of {exampleLength} an example.");
        _values = values;
    }

    /// <inheritdoc/>
    public override ExampleType Type => ExampleType.Byte;

    /// <summary>One example, where it lies.</summary>
    public ReadOnlySpan<byte> Row(int row) => _values.AsSpan(checked(row * ExampleLength), ExampleLength);

    /// <inheritdoc/>
    public override void Read(int row, Span<byte> destination) => Row(row).CopyTo(destination);

    /// <inheritdoc/>
    public override void ReadMany(int firstRow, Span<byte> destination) =>
        _values.AsSpan(checked(firstRow * ExampleLength), destination.Length).CopyTo(destination);
}

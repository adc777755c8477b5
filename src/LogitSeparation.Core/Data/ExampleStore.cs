namespace LogitSeparation.Core.Data;

/// <summary>
/// Examples and labels as read from files: n rows of bytes in one block (at most 2 GiB), shared by the splits.
/// </summary>
internal sealed class ExampleStore
{
    private readonly byte[] _pixels;

    /// <summary>Creates a store.</summary>
    /// <param name="pixels">n x <paramref name="exampleLength"/> bytes, row after row.</param>
    /// <param name="exampleLength">The number of bytes of one example.</param>
    /// <param name="labels">n class indices.</param>
    public ExampleStore(byte[] pixels, int exampleLength, int[] labels)
    {
        if ((long)labels.Length * exampleLength != pixels.LongLength)
            throw new ArgumentException($"{labels.Length} labels do not fit {pixels.LongLength} bytes of {exampleLength} an example.");
        _pixels = pixels;
        ExampleLength = exampleLength;
        Labels = labels;
    }

    public int ExampleLength { get; }

    public int[] Labels { get; }

    public int Count => Labels.Length;

    public ReadOnlySpan<byte> Example(int row) => Examples(row, 1);

    public ReadOnlySpan<byte> Examples(int firstRow, int rows) =>
        _pixels.AsSpan(checked(firstRow * ExampleLength), checked(rows * ExampleLength));
}

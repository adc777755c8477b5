using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using LogitSeparation.Core.Formats;
using Xunit;

namespace LogitSeparation.Core.Tests.Formats;

public sealed class MatFileTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Arrays_are_read_compressed_or_not(bool isCompressed)
    {
        using var folder = new TemporaryFolder();
        var arrays = MatFile.Read(folder.Write("x.mat", Small(isCompressed)), "X", "y");
        Assert.Equal([2, 3], arrays["X"].Shape);
        Assert.Equal(new byte[] { 1, 2, 3, 4, 5, 6 }, arrays["X"].Values);
        Assert.Equal(new double[] { 10, 1 }, arrays["y"].Values);
    }

    [Fact]
    public void A_cut_file_is_an_error() => Damage.Truncate(Small(true), path => Describe(MatFile.Read(path, "X", "y")), ".mat");

    [Fact]
    public void Flipped_bits_in_compressed_variables_are_noticed()
    {
        // The text at the start means nothing.
        var intact = Small(true);
        Damage.Flip(intact, path => Describe(MatFile.Read(path, "X", "y")), ".mat");
    }

    [Fact]
    public void Flipped_bits_in_plain_variables_do_no_worse_than_other_numbers() =>
        Damage.FlipUnchecked(Small(false), path => MatFile.Read(path, "X", "y")["X"].Values.Length, ".mat");

    [Theory]
    [InlineData("MATLAB 7.3", "7.3")]
    [InlineData("big", "big-endian")]
    public void Other_versions_are_named(string kind, string message)
    {
        using var folder = new TemporaryFolder();
        var bytes = Small(true);
        if (kind == "big")
            "MI"u8.CopyTo(bytes.AsSpan(126));
        else
            Encoding.ASCII.GetBytes(kind).CopyTo(bytes, 0);
        var error = Assert.Throws<SlcException>(() => MatFile.Read(folder.Write("x.mat", bytes), "X"));
        Assert.Equal("MatFileUnsupported", error.ErrorId);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    /// <summary>A file written by hand: X, 2 x 3 bytes, and y, 2 x 1 doubles.</summary>
    public static byte[] Small(bool isCompressed)
    {
        using var file = new MemoryStream();
        file.Write(Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file".PadRight(124)));
        file.Write([0, 1, (byte)'I', (byte)'M']);
        byte[] y = [.. BitConverter.GetBytes(10.0), .. BitConverter.GetBytes(1.0)];
        foreach (var matrix in new[] { Matrix("X", 9, 2, [1, 2, 3, 4, 5, 6], 2, 3), Matrix("y", 6, 9, y, 2, 1) })
            file.Write(isCompressed ? Compress(matrix) : matrix);
        return file.ToArray();
    }

    private static byte[] Matrix(string name, byte arrayClass, int type, byte[] data, params int[] shape)
    {
        byte[] dimensions = [.. shape.SelectMany(BitConverter.GetBytes)];
        byte[] content =
        [
            .. Element(6, [arrayClass, 0, 0, 0, 0, 0, 0, 0]), .. Element(5, dimensions), .. Element(1, Encoding.ASCII.GetBytes(name)), .. Element(type, data),
        ];
        return Element(14, content);
    }

    private static byte[] Compress(byte[] content)
    {
        using var buffer = new MemoryStream();
        using (var stream = new ZLibStream(buffer, CompressionLevel.Optimal, leaveOpen: true))
            stream.Write(content);
        var packed = buffer.ToArray();
        var tag = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(tag, 15);
        BinaryPrimitives.WriteInt32LittleEndian(tag.AsSpan(4), packed.Length);
        return [.. tag, .. packed];
    }

    private static byte[] Element(int type, byte[] data)
    {
        var element = new byte[8 + ((data.Length + 7) / 8 * 8)];
        BinaryPrimitives.WriteInt32LittleEndian(element, type);
        BinaryPrimitives.WriteInt32LittleEndian(element.AsSpan(4), data.Length);
        data.CopyTo(element, 8);
        return element;
    }

    private static string Describe(IReadOnlyDictionary<string, MatArray> arrays) => string.Join(';', arrays.OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Select(pair => $"{pair.Key} {DenseArray.Format(pair.Value.Shape)} {string.Join(',', pair.Value.Values.Cast<object>())}"));
}

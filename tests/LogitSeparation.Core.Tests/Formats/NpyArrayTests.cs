using System.Text;
using FsCheck.Xunit;
using LogitSeparation.Core.Formats;
using Xunit;

namespace LogitSeparation.Core.Tests.Formats;

public sealed class NpyArrayTests
{
    [Property]
    public void What_is_written_is_read(float[] singles, double[] doubles, int[] ints, long[] longs, byte[] bytes)
    {
        Assert.Equal(singles, RoundTrip(DenseArray.Create(singles, singles.Length)).Values);
        Assert.Equal(doubles, RoundTrip(DenseArray.Create(doubles, 1, doubles.Length, 1)).Values);
        Assert.Equal(ints, RoundTrip(DenseArray.Create(ints, ints.Length, 1)).Values);
        Assert.Equal(longs, RoundTrip(DenseArray.Create(longs, longs.Length)).Values);
        Assert.Equal(bytes, RoundTrip(DenseArray.Create(bytes, bytes.Length)).Values);
    }

    [Fact]
    public void Strings_are_read_as_written()
    {
        string[] names = ["", "a", "Ärger", "犬🐶", "inner\0nul"];

        Assert.Equal(names, RoundTrip(DenseArray.Create(names, 5)).Values);
    }

    [Fact]
    public void Elements_begin_at_a_multiple_of_64()
    {
        using var stream = new MemoryStream();
        NpyArray.Write(stream, DenseArray.Create(new float[3], 3));

        Assert.Equal(12, stream.Length % 64);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void All_versions_are_read(byte version)
    {
        var array = Read(Npy("{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }", [1, 0, 255, 255], version));

        Assert.Equal(new short[] { 1, -1 }, array.Values);
    }

    [Fact]
    public void Big_endian_and_Fortran_order_are_turned_round()
    {
        var big = Read(Npy("{'descr': '>u2', 'fortran_order': False, 'shape': (2,)}", [1, 0, 0, 2]));
        var fortran = Read(Npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 2), }", [.. Enumerable.Range(0, 12).Select(i => (byte)i)]));

        Assert.Equal(new ushort[] { 256, 2 }, big.Values);
        // Element (a, b, c) stood at a + 2 b + 6 c.
        Assert.Equal(new byte[] { 0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11 }, fortran.Values);
    }

    [Fact]
    public void Half_precision_is_widened()
    {
        var array = Read(Npy("{'descr': '<f2', 'fortran_order': False, 'shape': (2,), }", [0x00, 0x3c, 0x00, 0xc1]));

        Assert.Equal(new[] { 1f, -2.5f }, array.Values);
    }

    [Theory]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", ".astype(str)")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "structured")]
    [InlineData("{'descr': '|V4', 'fortran_order': False, 'shape': (1,), }", "astype")]
    [InlineData("{'descr': '|S2', 'fortran_order': False, 'shape': (1,), }", "need 2 bytes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "need 8 bytes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000, 2000000000), }", "more elements")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999,), }", "more than an array")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "dictionary")]
    [InlineData("{'descr': '<U0', 'fortran_order': False, 'shape': (2000000000,), }", "need 0 bytes")]
    [InlineData("{'descr': '<U999999999', 'fortran_order': False, 'shape': (0,), }", "not a plain one")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, }", "lacks")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "dictionary")]
    [InlineData("__import__('os')", "dictionary")]
    [InlineData("", "dictionary")]
    public void Other_headers_are_errors(string header, string expected)
    {
        var error = Assert.Throws<SlcException>(() => Read(Npy(header, new byte[4])));

        Assert.StartsWith("the array", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reordering_stops_when_it_is_cancelled()
    {
        using var stream = new MemoryStream(Npy("{'descr': '|u1', 'fortran_order': True, 'shape': (1,2), }", [1, 2]));

        Assert.ThrowsAny<OperationCanceledException>(
            () => NpyArray.Read(stream, stream.Length, "the array", cancellationToken: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_code_point_that_is_no_character_is_an_error()
    {
        var error = Assert.Throws<SlcException>(() => Read(Npy("{'descr': '<U1', 'fortran_order': False, 'shape': (1,), }", [0, 0xd8, 0, 0])));

        Assert.Contains("0xD800", error.Message, StringComparison.Ordinal);
    }

    private static DenseArray RoundTrip(DenseArray array)
    {
        using var stream = new MemoryStream();
        NpyArray.Write(stream, array);
        var read = Read(stream.ToArray());
        Assert.Equal(array.Shape, read.Shape);
        return read;
    }

    private static DenseArray Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return NpyArray.Read(stream, bytes.Length, "the array");
    }

    private static byte[] Npy(string header, byte[] data, byte version = 1)
    {
        byte[] length = version == 1 ? [(byte)header.Length, 0] : [(byte)header.Length, 0, 0, 0];
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. Encoding.UTF8.GetBytes(header), .. data];
    }
}

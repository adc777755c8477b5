using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Tests.Data;
using Xunit;

namespace LogitSeparation.Core.Tests.Formats;

public sealed class IdxFileTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Property(MaxTest = 60)]
    public Property What_was_written_is_read_raw_and_compressed() =>
        Prop.ForAll(Gen.Choose(1, 7).ListOf(4).ToArbitrary(), Gen.Choose(1, 4).ToArbitrary(), (sizes, rank) =>
        {
            var shape = sizes.Take(rank).ToArray();
            var values = new byte[shape.Aggregate(1, (product, size) => product * size)];
            new Random(values.Length).NextBytes(values);
            var bytes = DataFolder.Idx(values, shape);
            foreach (var content in new[] { bytes, DataFolder.Gzip(bytes) })
            {
                var file = IdxFile.Read(_folder.Write("any-name", content));
                Assert.Equal(shape, file.Shape);
                Assert.Equal(values, file.Data);
            }
        });

    [Fact]
    public void Content_beyond_the_first_allocation_is_read_whole()
    {
        // Zeros compress a thousandfold, so this outgrows what the file's length suggests.
        var values = new byte[5_000_000];
        values[^1] = 7;
        var file = IdxFile.Read(_folder.Write("zeros.gz", DataFolder.Gzip(DataFolder.Idx(values, 5, 1000, 1000))));
        Assert.Equal(values, file.Data);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_cut_anywhere_is_refused(bool compressed)
    {
        var bytes = DataFolder.Idx([.. Enumerable.Range(0, 60).Select(i => (byte)(i * 7))], 3, 4, 5);
        var content = compressed ? DataFolder.Gzip(bytes) : bytes;
        for (var length = 0; length < content.Length; length++)
        {
            var path = _folder.Write("cut", content[..length]);
            var error = Assert.Throws<SlcException>(() => IdxFile.Read(path));
            Assert.Contains(error.ErrorId, new[] { "IdxFileTruncated", "IdxFileCorrupt", "IdxFileEmpty" });
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bytes_after_the_end_are_refused(bool compressed)
    {
        var bytes = DataFolder.Idx([1, 2, 3], 3);
        foreach (var extra in new byte[][] { [0], [9], new byte[512], [0x1F, 0x8B] })
        {
            var path = _folder.Write("long", [.. compressed ? DataFolder.Gzip(bytes) : bytes, .. extra]);
            Assert.Contains(
                Assert.Throws<SlcException>(() => IdxFile.Read(path)).ErrorId, new[] { "IdxFileTrailingBytes", "IdxFileCorrupt" });
        }

        var inside = _folder.Write("inside", DataFolder.Gzip([.. bytes, 4]));
        Assert.Equal("IdxFileTrailingBytes", Assert.Throws<SlcException>(() => IdxFile.Read(inside)).ErrorId);
    }

    [Fact]
    public void A_flipped_bit_in_a_compressed_file_is_refused_or_harmless()
    {
        var values = Enumerable.Range(0, 200).Select(i => (byte)(i * i)).ToArray();
        var content = DataFolder.Gzip(DataFolder.Idx(values, 10, 20));
        var refused = 0;
        for (var bit = 0; bit < content.Length * 8; bit++)
        {
            var damaged = (byte[])content.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                // What changes nothing: time stamp and the like in the header of gzip, and the bits that fill the last byte before
                // its trailer of eight.
                Assert.Equal(values, IdxFile.Read(_folder.Write("flipped", damaged)).Data);
                Assert.True(bit / 8 is >= 3 and <= 9 || bit / 8 == content.Length - 9, $"Bit {bit} of {content.Length} bytes.");
            }
            catch (SlcException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, (content.Length - 8) * 8, content.Length * 8);
    }

    [Theory]
    [InlineData("010008010000000105", "IdxFileWrongMagic")]
    [InlineData("3C21646F6374797065", "IdxFileWrongMagic")]
    [InlineData("000009010000000105", "IdxFileWrongType")]
    [InlineData("00000D01000000013F800000", "IdxFileWrongType")]
    [InlineData("00000800", "IdxFileWrongRank")]
    [InlineData("0000080500000001000000010000000100000001000000010A", "IdxFileWrongRank")]
    [InlineData("0000080100000000", "IdxFileEmpty")]
    [InlineData("00000802000000030000000001", "IdxFileEmpty")]
    [InlineData("", "IdxFileEmpty")]
    [InlineData("00000801FFFFFFFF05", "IdxFileTooLarge")]
    [InlineData("00000804FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF05", "IdxFileTooLarge")]
    [InlineData("000008048000000080000000800000008000000005", "IdxFileTooLarge")]
    [InlineData("000008017FFFFFC705", "IdxFileTruncated")]
    public void A_wrong_header_is_named(string hex, string id)
    {
        var bytes = Convert.FromHexString(hex);
        var raw = _folder.Write("raw", bytes);
        Assert.Equal(id, Assert.Throws<SlcException>(() => IdxFile.Read(raw)).ErrorId);

        var compressed = _folder.Write("compressed", DataFolder.Gzip(bytes));
        var error = Assert.Throws<SlcException>(() => IdxFile.Read(compressed));
        Assert.Equal(bytes.Length == 0 && id == "IdxFileEmpty" ? error.ErrorId : id, error.ErrorId);
        Assert.Equal(SlcErrorKind.InvalidData, error.Kind);
    }

    [Fact]
    public void Memory_follows_the_content_and_not_the_header()
    {
        // Two megabytes of noise whose header claims all that an array can hold.
        var noise = new byte[2 << 20];
        new Random(1).NextBytes(noise);
        var bytes = DataFolder.Idx(noise, 0x7FFFFFC7);
        foreach (var content in new[] { bytes, DataFolder.Gzip(bytes) })
        {
            var path = _folder.Write("claims", content);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal("IdxFileTruncated", Assert.Throws<SlcException>(() => IdxFile.Read(path)).ErrorId);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40 << 20);
        }
    }
}

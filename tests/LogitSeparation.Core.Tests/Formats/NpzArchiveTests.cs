using System.IO.Compression;
using LogitSeparation.Core.Formats;
using Xunit;

namespace LogitSeparation.Core.Tests.Formats;

public sealed class NpzArchiveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_written_is_read_and_the_bytes_are_always_the_same(bool compress)
    {
        var first = Write("a", compress);
        var second = Write("b", compress);

        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
        using var archive = NpzArchive.Open(first, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["x", "y"], archive.Names);
        Assert.Equal(new[] { 1f, float.NaN, 3 }, archive.Read("x").Values);
        Assert.Equal(new long[1000], archive.Read("y").Values);
        Assert.Null(archive.TryRead("z"));
    }

    [Fact]
    public void A_missing_array_is_said_with_what_there_is()
    {
        using var archive = NpzArchive.Open(Write("a", compress: false), cancellationToken: TestContext.Current.CancellationToken);

        var error = Assert.Throws<SlcException>(() => archive.Read("xx"));
        Assert.Equal("NpzMemberMissing", error.ErrorId);
        Assert.Contains("'x', 'y'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_arrays_of_one_name_are_an_error()
    {
        using (var zip = new ZipArchive(File.Create(_folder["a"]), ZipArchiveMode.Create))
        {
            zip.CreateEntry("x.npy");
            zip.CreateEntry("x.npy");
        }

        Assert.Equal("NpzFileDamaged", Assert.Throws<SlcException>(() => NpzArchive.Open(_folder["a"], cancellationToken: TestContext.Current.CancellationToken)).ErrorId);
    }

    [Fact]
    public void What_is_no_archive_is_an_error_and_stays_unlocked()
    {
        var path = _folder.Write("a", "PK, but not really"u8);

        Assert.Contains(path, Assert.Throws<SlcException>(() => NpzArchive.Open(path, cancellationToken: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        File.Delete(path);
        Assert.Equal("FileNotFound", Assert.Throws<SlcException>(() => NpzArchive.Open(path, cancellationToken: TestContext.Current.CancellationToken)).ErrorId);
        Assert.Equal("FileNotFound", Assert.Throws<SlcException>(() => NpzArchive.Open(_folder.Path, cancellationToken: TestContext.Current.CancellationToken)).ErrorId);
    }

    [Fact]
    public void A_directory_that_claims_gigabytes_is_not_believed()
    {
        var path = Write("a", compress: true);
        var bytes = File.ReadAllBytes(path);
        // The uncompressed length stands 24 bytes into an entry of the directory, whose signature is PK 1 2.
        var entry = bytes.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(bytes.AsSpan(entry + 24), 0x7fffffffu);
        File.WriteAllBytes(path, bytes);

        using var archive = NpzArchive.Open(path, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains("claims 2147483647 bytes", Assert.Throws<SlcException>(() => archive.Read("y")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    public void Memory_follows_the_content_and_not_what_it_claims(CompressionLevel level)
    {
        // 100 KB of noise, said to be eight million numbers: the most that deflate could have made of it.
        var noise = new byte[100_000];
        new Random(1).NextBytes(noise);
        const int Count = 8_000_000;
        using (var zip = new ZipArchive(File.Create(_folder["a"]), ZipArchiveMode.Create))
        using (var stream = zip.CreateEntry("x.npy", level).Open())
        {
            new NpyHeader('f', 8, false, false, [Count]).Write(stream);
            stream.Write(noise);
        }

        var bytes = File.ReadAllBytes(_folder["a"]);
        var entry = bytes.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        var headerLength = BitConverter.ToInt32(bytes.AsSpan(entry + 24)) - noise.Length;
        BitConverter.TryWriteBytes(bytes.AsSpan(entry + 24), headerLength + (Count * sizeof(double)));
        File.WriteAllBytes(_folder["a"], bytes);

        using var archive = NpzArchive.Open(_folder["a"], cancellationToken: TestContext.Current.CancellationToken);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<SlcException>(() => archive.Read("x"));
        Assert.Equal(SlcErrorKind.InvalidData, error.Kind);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 12 << 20);
    }

    [Fact]
    public void An_array_that_outgrows_its_first_memory_is_read_whole()
    {
        // Compressed a thousandfold, and longer than two blocks.
        var values = new double[2_500_000];
        values[^1] = 7;
        AtomicFile.Write(_folder["a"], stream =>
        {
            using var writer = new NpzWriter(stream, compress: true);
            writer.Add("x", DenseArray.Create(values, values.Length));
        }, cancellationToken: TestContext.Current.CancellationToken);

        using var archive = NpzArchive.Open(_folder["a"], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(values, (double[])archive.Read("x").Values);
    }

    public void Dispose() => _folder.Dispose();

    private string Write(string name, bool compress)
    {
        AtomicFile.Write(_folder[name], stream =>
        {
            using var writer = new NpzWriter(stream, compress);
            writer.Add("x", DenseArray.Create([1f, float.NaN, 3], 3));
            writer.Add("y", DenseArray.Create(new long[1000], 1000));
        });
        return _folder[name];
    }
}

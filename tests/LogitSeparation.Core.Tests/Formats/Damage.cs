using Xunit;

namespace LogitSeparation.Core.Tests.Formats;

/// <summary>
/// Damages a file in every way that is tried on all formats: each has to give an error that names the file, or data equal to the
/// undamaged file's, without large allocations.
/// </summary>
internal static class Damage
{
    /// <summary>No damaged file of a few KiB may make its reader ask for more than this.</summary>
    private const long MostBytes = 64 << 20;

    /// <summary>Cuts the file at every length.</summary>
    public static void Truncate(byte[] intact, Func<string, string> read, string extension = "")
    {
        using var folder = new TemporaryFolder();
        for (var length = 0; length < intact.Length; length++)
            AssertErrorOrEqual(folder, intact.AsSpan(0, length), read, expected: null, extension);
    }

    /// <summary>Flips bits in every byte: one bit, and all of them.</summary>
    public static void Flip(byte[] intact, Func<string, string> read, string extension = "")
    {
        using var folder = new TemporaryFolder();
        var expected = read(folder.Write("intact" + extension, intact));
        for (var position = 0; position < intact.Length; position++)
        {
            foreach (var mask in new byte[] { 1 << 0, 1 << 5, 1 << 7, 0xff })
            {
                var damaged = (byte[])intact.Clone();
                damaged[position] ^= mask;
                AssertErrorOrEqual(folder, damaged, read, expected, extension);
            }
        }
    }

    /// <summary>
    /// Flips bits in every byte of a file without checksums, whose damage cannot be told from other content: an error that names the
    /// file, or content of the same length.
    /// </summary>
    public static void FlipUnchecked(byte[] intact, Func<string, int> read, string extension = "", int stride = 1)
    {
        using var folder = new TemporaryFolder();
        var expected = read(folder.Write("intact" + extension, intact));
        for (var position = 0; position < intact.Length; position += stride)
        {
            foreach (var mask in new byte[] { 1 << 0, 1 << 5, 1 << 7, 0xff })
            {
                var damaged = (byte[])intact.Clone();
                damaged[position] ^= mask;
                AssertErrorOrEqual(folder, damaged, path => $"{read(path)}", $"{expected}", extension);
            }
        }
    }

    private static void AssertErrorOrEqual(
        TemporaryFolder folder, ReadOnlySpan<byte> bytes, Func<string, string> read, string? expected, string extension)
    {
        var path = folder.Write("damaged" + extension, bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Assert.Equal(expected, read(path));
        }
        catch (SlcException error)
        {
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
            Assert.True(error.Kind is SlcErrorKind.InvalidData or SlcErrorKind.NotFound, error.ErrorId);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
    }
}

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace LogitSeparation.Core.Data;

/// <summary>The fingerprint of a data set's content, independent of where and how it is stored.</summary>
internal static class DatasetChecksum
{
    /// <summary>SHA-256 (lower-case hex) over the pixels, then the labels, of each set in turn.</summary>
    public static string Compute(params LabelledImages[] sets)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var set in sets)
        {
            hash.AppendData(set.Pixels);
            hash.AppendData(set.Labels);
        }

        return Hex(hash.GetHashAndReset());
    }

    /// <summary>SHA-256 (lower-case hex) over the numbers, then the labels (32-bit, little-endian), of each store in turn.</summary>
    public static string Compute(params ExampleStore[] stores)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var store in stores)
        {
            var example = new byte[store.ByteLength];
            for (var row = 0; row < store.Count; row++)
            {
                store.Read(row, example);
                hash.AppendData(example);
            }

            AppendLabels(hash, store.Labels);
        }

        return Hex(hash.GetHashAndReset());
    }

    /// <summary>SHA-256 (lower-case hex) over lines of text and labels, where reading all numbers would take too long.</summary>
    public static string Compute(IEnumerable<string> lines, int[] labels)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in lines)
            hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
        AppendLabels(hash, labels);
        return Hex(hash.GetHashAndReset());
    }

    /// <summary>SHA-256 (lower-case hex) over the rest of a stream.</summary>
    public static string Compute(Stream content) => Hex(SHA256.HashData(content));

    private static void AppendLabels(IncrementalHash hash, int[] labels)
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Checksums are computed on little-endian machines only.");
        hash.AppendData(MemoryMarshal.AsBytes(labels.AsSpan()));
    }

    // Convert.ToHexStringLower is newer than net8.0.
    private static string Hex(byte[] hash) => string.Concat(Array.ConvertAll(hash, b => $"{b:x2}"));
}

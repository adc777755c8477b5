using System.Security.Cryptography;

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

    /// <summary>SHA-256 (lower-case hex) over the rest of a stream.</summary>
    public static string Compute(Stream content) => Hex(SHA256.HashData(content));

    // Convert.ToHexStringLower is newer than net8.0.
    private static string Hex(byte[] hash) => string.Concat(Array.ConvertAll(hash, b => $"{b:x2}"));
}

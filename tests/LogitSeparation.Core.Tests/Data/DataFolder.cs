using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace LogitSeparation.Core.Tests.Data;

/// <summary>A temporary folder of IDX files, written independently of the code that reads them.</summary>
internal sealed class DataFolder : IDisposable
{
    public DataFolder() => Root = Directory.CreateTempSubdirectory("slc-data-").FullName;

    public string Root { get; }

    public static byte[] Idx(byte[] values, params int[] shape)
    {
        var bytes = new byte[4 + (4 * shape.Length) + values.Length];
        bytes[2] = 8;
        bytes[3] = (byte)shape.Length;
        for (var i = 0; i < shape.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + (4 * i)), shape[i]);
        values.CopyTo(bytes.AsSpan(4 + (4 * shape.Length)));
        return bytes;
    }

    public static byte[] Gzip(byte[] content)
    {
        using var buffer = new MemoryStream();
        using (var stream = new GZipStream(buffer, CompressionLevel.Optimal, leaveOpen: true))
            stream.Write(content);
        return buffer.ToArray();
    }

    public static byte[] Unzip(byte[] content)
    {
        using var buffer = new MemoryStream();
        using (var stream = new GZipStream(new MemoryStream(content), CompressionMode.Decompress))
            stream.CopyTo(buffer);
        return buffer.ToArray();
    }

    /// <summary>SHA-256 over all of what a data set holds, as its identity has it.</summary>
    public static string Checksum(params byte[][] parts) => Convert.ToHexStringLower(SHA256.HashData(parts.SelectMany(part => part).ToArray()));

    /// <summary>The pixels that <see cref="WritePair"/> writes.</summary>
    public static byte[] PixelsOf(byte[] labels) => [.. Enumerable.Range(0, labels.Length).SelectMany(row => Enumerable.Repeat((byte)row, 6))];

    public string PathOf(string name) => Path.Combine(Root, name);

    public string Write(string name, byte[] content)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Writes images of 2 x 3 pixels, all of the value of their row's number, and their labels.</summary>
    public (string Images, string Labels) WritePair(string images, string labels, params byte[] labelValues)
    {
        return (Write(images, Pack(images, Idx(PixelsOf(labelValues), labelValues.Length, 2, 3))),
            Write(labels, Pack(labels, Idx(labelValues, labelValues.Length))));
    }

    /// <summary>Writes the four files of a data set in MNIST's naming.</summary>
    public string WriteSet(string folder, byte[] trainLabels, byte[] testLabels, string ending = "")
    {
        WritePair($"{folder}/train-images-idx3-ubyte{ending}", $"{folder}/train-labels-idx1-ubyte{ending}", trainLabels);
        WritePair($"{folder}/t10k-images-idx3-ubyte{ending}", $"{folder}/t10k-labels-idx1-ubyte{ending}", testLabels);
        return PathOf(folder);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static byte[] Pack(string name, byte[] content) => name.EndsWith(".gz", StringComparison.Ordinal) ? Gzip(content) : content;
}

using System.IO.Compression;

namespace LogitSeparation.Core.Formats;

/// <summary>
/// Writes a <c>.npz</c> archive that NumPy reads, array after array. The same arrays give the same bytes: entries bear the zip
/// format's first date, as NumPy's do.
/// </summary>
internal sealed class NpzWriter : IDisposable
{
    private static readonly DateTimeOffset ZipEpoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ZipArchive _zip;
    private readonly CompressionLevel _level;

    /// <summary>Starts an archive.</summary>
    /// <param name="stream">Where to; stays open.</param>
    /// <param name="compress">Whether to deflate the arrays (smaller and slower) or to store them.</param>
    public NpzWriter(Stream stream, bool compress)
    {
        _zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        _level = compress ? CompressionLevel.Optimal : CompressionLevel.NoCompression;
    }

    /// <summary>Adds an array.</summary>
    /// <param name="name">Its name, without <c>.npy</c>.</param>
    /// <param name="array">The array.</param>
    public void Add(string name, DenseArray array)
    {
        using var stream = Create(name);
        NpyArray.Write(stream, array);
    }

    /// <summary>Adds an array of floating-point numbers that is never held whole.</summary>
    /// <param name="name">Its name, without <c>.npy</c>.</param>
    /// <param name="isDouble">Whether its elements are float64; float32 otherwise.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="write">Writes all its elements, in C order.</param>
    public void Add(string name, bool isDouble, int[] shape, Action<Stream> write)
    {
        using var stream = Create(name);
        new NpyHeader('f', isDouble ? 8 : 4, false, false, shape).Write(stream);
        write(stream);
    }

    /// <inheritdoc/>
    public void Dispose() => _zip.Dispose();

    private Stream Create(string name)
    {
        var entry = _zip.CreateEntry($"{name}.npy", _level);
        entry.LastWriteTime = ZipEpoch;
        return entry.Open();
    }
}

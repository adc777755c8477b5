using System.Runtime.InteropServices;
using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Evaluation;

/// <summary>Reads rows from a file.</summary>
internal sealed class FileLogitReader : LogitReader
{
    private readonly FileElements _elements;
    private readonly int _classCount;
    private readonly FileStream _file;
    private float[] _single = [];

    /// <summary>Opens the file.</summary>
    /// <param name="elements">Where the table's elements lie.</param>
    /// <param name="classCount">k.</param>
    /// <exception cref="SlcException"><c>FileNotFound</c>, <c>FileUnreadable</c> or <c>LogitsFileChanged</c>.</exception>
    public FileLogitReader(FileElements elements, int classCount)
    {
        (_elements, _classCount) = (elements, classCount);
        _file = InputFile.Open(elements.Path);
        var length = _file.Length;
        if (length == elements.FileLength)
            return;
        _file.Dispose();
        throw Changed($"it has {length} bytes now, and had {elements.FileLength}");
    }

    /// <inheritdoc/>
    public override void Read(int firstRow, Span<float> destination)
    {
        if (_elements.IsDouble)
            throw new InvalidOperationException("A float64 table cannot be read as float32 without losing bits.");
        Read(firstRow, sizeof(float), MemoryMarshal.AsBytes(destination));
    }

    /// <inheritdoc/>
    public override void Read(int firstRow, Span<double> destination)
    {
        if (_elements.IsDouble)
        {
            Read(firstRow, sizeof(double), MemoryMarshal.AsBytes(destination));
            return;
        }

        if (_single.Length < destination.Length)
            _single = new float[destination.Length];
        var single = _single.AsSpan(0, destination.Length);
        Read(firstRow, single);
        for (var i = 0; i < single.Length; i++)
            destination[i] = single[i];
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }

    private void Read(int firstRow, int elementSize, Span<byte> destination)
    {
        var position = _elements.Offset + (long)firstRow * _classCount * elementSize;
        try
        {
            while (!destination.IsEmpty)
            {
                var count = RandomAccess.Read(_file.SafeFileHandle, destination, position);
                if (count == 0)
                    throw Changed($"it ends at byte {position}");
                position += count;
                destination = destination[count..];
            }
        }
        catch (IOException exception)
        {
            throw new SlcException("FileUnreadable", SlcErrorKind.Unavailable,
                $"'{_elements.Path}' could not be read at byte {position}: {exception.Message}", _elements.Path, exception);
        }
    }

    private SlcException Changed(string what) => new("LogitsFileChanged", SlcErrorKind.InvalidData,
        $"'{_elements.Path}' was changed after it was opened: {what}. Import it again.", _elements.Path);
}

namespace LogitSeparation.Core.Formats;

/// <summary>Opens files for reading, with errors that say what to do.</summary>
internal static class InputFile
{
    private const int BufferSize = 1 << 16;

    /// <summary>Opens an existing file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SlcException">
    /// <c>FileNotFound</c>: there is none, or it is a folder. <c>FileUnreadable</c>. <c>PathEmpty</c>, <c>PathInvalid</c>.
    /// </exception>
    public static FileStream Open(string path)
    {
        var full = LocalPath.Resolve(path);
        try
        {
            return RequireFile(new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, FileOptions.SequentialScan));
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            throw FileFailure.Reading(path, failure);
        }
    }

    // Formats are checked against the length, which pipes do not have.
    private static FileStream RequireFile(FileStream stream)
    {
        if (stream.CanSeek)
            return stream;
        stream.Dispose();
        throw new IOException("It is a pipe or a device, not a file.");
    }
}

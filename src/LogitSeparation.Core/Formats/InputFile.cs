namespace LogitSeparation.Core.Formats;

/// <summary>Opens files for reading, with errors that say what to do.</summary>
internal static class InputFile
{
    /// <summary>Opens an existing file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SlcException"><c>FileNotFound</c> or <c>FileUnreadable</c>.</exception>
    public static FileStream Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (Directory.Exists(path))
        {
            throw new SlcException("FileNotFound", SlcErrorKind.NotFound,
                $"'{path}' is a folder. Give the name of a file in it.", path);
        }

        if (!File.Exists(path))
        {
            throw new SlcException("FileNotFound", SlcErrorKind.NotFound,
                $"There is no file '{path}'. Check the name and the folder.", path);
        }

        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SlcException("FileUnreadable", SlcErrorKind.Unavailable,
                $"'{path}' could not be opened: {exception.Message} Check its permissions, and that no other program holds it.", path, exception);
        }
    }
}

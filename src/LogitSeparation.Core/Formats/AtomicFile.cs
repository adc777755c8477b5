namespace LogitSeparation.Core.Formats;

/// <summary>Writes files whole or not at all: beside the target, then renamed over it.</summary>
internal static class AtomicFile
{
    private const int BufferSize = 1 << 16;

    /// <summary>Writes a file. Until the rename the old file, if any, stays as it was; after a failure nothing is left behind.</summary>
    /// <param name="path">The target, in a folder that exists.</param>
    /// <param name="write">Writes the content; the stream can seek.</param>
    /// <exception cref="SlcException"><c>WriteFailed</c>: names the path, the cause and the remedy.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(write);
        var target = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(target);
        if (folder is null || Directory.Exists(target))
            throw Failed(path, "it is a folder. Give the name of a file.");
        if (!Directory.Exists(folder))
            throw Failed(path, $"the folder '{folder}' does not exist. Create it, or choose another.");

        var temporary = Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferSize))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw Failed(path, $"access is denied ({exception.Message}). Choose a folder that you may write to, or change its permissions.", exception);
        }
        catch (IOException exception)
        {
            throw Failed(path, $"{exception.Message} Free space on the disk, or choose another folder.", exception);
        }
        finally
        {
            Remove(temporary);
        }
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The error that brought us here says more than this one would.
        }
    }

    private static SlcException Failed(string path, string cause, Exception? inner = null) =>
        new("WriteFailed", SlcErrorKind.WriteFailed, $"'{path}' could not be written: {cause}", path, inner);
}

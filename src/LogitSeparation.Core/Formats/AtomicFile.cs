namespace LogitSeparation.Core.Formats;

/// <summary>Writes files whole or not at all: beside the target, then renamed over it.</summary>
internal static class AtomicFile
{
    private const int BufferSize = 1 << 16;

    /// <summary>Writes a file. Until the rename the old file, if any, stays as it was; after a failure nothing is left behind.</summary>
    /// <param name="path">The target, in a folder that exists.</param>
    /// <param name="write">Writes the content; the stream can seek.</param>
    /// <param name="cancellationToken">Stops the writing, at the next block.</param>
    /// <exception cref="SlcException">
    /// <c>NotWritable</c>: there is no such folder, it is a folder itself, or access is denied. <c>DiskFull</c>. <c>PathEmpty</c>,
    /// <c>PathInvalid</c>.
    /// </exception>
    public static void Write(string path, Action<Stream> write, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(write);
        WriteThen(path, write, beforeRename: _ => { }, cancellationToken);
    }

    /// <summary>Writes a file, and looks at what was written before it takes the other's place.</summary>
    /// <param name="path">The target, in a folder that exists.</param>
    /// <param name="write">Writes the content; the stream can seek.</param>
    /// <param name="check">Gets the file under the name that it has meanwhile, in the same folder; the target stays as it was where this throws.</param>
    /// <param name="cancellationToken">Stops the writing, at the next block.</param>
    /// <exception cref="SlcException">As of <see cref="Write"/>.</exception>
    public static void WriteChecked(string path, Action<Stream> write, Action<string> check, CancellationToken cancellationToken) =>
        WriteThen(path, write, check, cancellationToken);

    /// <summary>Writes two files that belong together: both are complete before the first is renamed.</summary>
    /// <param name="first">The target that is written first and renamed last, and how it is written.</param>
    /// <param name="second">The other.</param>
    /// <param name="cancellationToken">Stops the writing, at the next block.</param>
    /// <exception cref="SlcException">As of <see cref="Write"/>.</exception>
    public static void WriteBoth(
        (string Path, Action<Stream> Write) first, (string Path, Action<Stream> Write) second, CancellationToken cancellationToken) =>
        WriteThen(first.Path, first.Write, _ => Write(second.Path, second.Write, cancellationToken), cancellationToken);

    private static void WriteThen(string path, Action<Stream> write, Action<string> beforeRename, CancellationToken cancellationToken)
    {
        var target = Follow(LocalPath.Resolve(path));
        var folder = Path.GetDirectoryName(target);
        if (folder is null || Directory.Exists(target))
            throw FileFailure.NotWritable(path, "it is a folder.", "Give the name of a file.");
        if (!Directory.Exists(folder))
            throw FileFailure.NotWritable(path, $"the folder '{folder}' does not exist.", "Create it, or choose another.");

        var temporary = Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferSize))
            {
                using (var cancellable = new CancellableStream(stream, cancellationToken))
                {
                    write(cancellable);
                    cancellable.Flush();
                    stream.Flush(flushToDisk: true);
                }
            }

            beforeRename(temporary);
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            throw FileFailure.Writing(path, failure, "Choose a folder that you may write to, or change its permissions.");
        }
        finally
        {
            Remove(temporary);
        }
    }

    // A link stays one, and what it leads to is written; a device is no file that another could take the place of.
    private static string Follow(string target)
    {
        if (target.StartsWith("/dev/", StringComparison.Ordinal) && !target.StartsWith("/dev/shm/", StringComparison.Ordinal))
            throw FileFailure.NotWritable(target, "it is a device.", "Give the name of a file.");
        try
        {
            return new FileInfo(target).LinkTarget is null ? target : File.ResolveLinkTarget(target, returnFinalTarget: true)!.FullName;
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            throw FileFailure.Writing(target, failure, "Remove the link, or write to another file.");
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
}

namespace LogitSeparation.Core.Formats;

/// <summary>
/// Turns what the operating system reports about a file into an error that a user can act on. The vocabulary is the same
/// everywhere: <c>FileNotFound</c> and <c>FileUnreadable</c> where a file is read, <c>DiskFull</c> and <c>NotWritable</c> where one
/// is written, <c>PathEmpty</c> and <c>PathInvalid</c> where a text cannot be a path (<see cref="LocalPath"/>).
/// </summary>
internal static class FileFailure
{
    // "Disk full" and "used by another process" as Windows, Linux and macOS number them.
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int UnixNoSpace = 28;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    /// <summary>Whether an exception is one of those that this class translates.</summary>
    public static bool IsFileFailure(Exception failure) => failure is IOException or UnauthorizedAccessException or NotSupportedException;

    /// <summary>Whether a file could not be opened because another process has it open.</summary>
    public static bool IsInUse(IOException failure) =>
        failure.HResult is WindowsSharingViolation or LinuxWouldBlock or MacWouldBlock;

    /// <summary>The error for a file that could not be read: <c>FileNotFound</c> or <c>FileUnreadable</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="failure">What the system reported.</param>
    public static SlcException Reading(string path, Exception failure) => failure switch
    {
        // Systems differ in what they say of a folder.
        _ when Directory.Exists(path) => new SlcException("FileNotFound", SlcErrorKind.NotFound,
            $"'{path}' is a folder, where a file was expected. Give the name of a file in it.", path, failure),
        FileNotFoundException or DirectoryNotFoundException => new SlcException("FileNotFound", SlcErrorKind.NotFound,
            $"There is no file '{path}'. Check the name and the folder.", path, failure),
        _ => new SlcException("FileUnreadable", SlcErrorKind.Unavailable,
            $"'{path}' could not be read: {failure.Message} Check its permissions, and that no other program holds it.", path, failure),
    };

    /// <summary>Reads, and translates what the system reports.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads it.</param>
    /// <exception cref="SlcException">The errors of <see cref="Reading"/>.</exception>
    public static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (IsFileFailure(failure))
        {
            throw Reading(path, failure);
        }
    }

    /// <summary>The error for a file or folder that could not be written: <c>DiskFull</c> or <c>NotWritable</c>.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="failure">What the system reported.</param>
    /// <param name="elsewhere">How to choose another place, as a sentence.</param>
    public static SlcException Writing(string path, Exception failure, string elsewhere) =>
        failure.HResult is WindowsDiskFull or WindowsHandleDiskFull or UnixNoSpace
            ? new SlcException("DiskFull", SlcErrorKind.WriteFailed,
                $"The disk is full: '{path}' could not be written. Free some space, or choose another place. {elsewhere}", path, failure)
            : NotWritable(path, failure.Message, elsewhere, failure);

    /// <summary>The error <c>NotWritable</c>.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="cause">What is wrong, as a sentence.</param>
    /// <param name="elsewhere">What to do, as a sentence.</param>
    /// <param name="failure">What the system reported, where it did.</param>
    public static SlcException NotWritable(string path, string cause, string elsewhere, Exception? failure = null) =>
        new("NotWritable", SlcErrorKind.WriteFailed, $"'{path}' could not be written: {cause} {elsewhere}", path, failure);
}

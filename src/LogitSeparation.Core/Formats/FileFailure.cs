namespace LogitSeparation.Core.Formats;

/// <summary>Turns what the operating system reports about a file into an error that a user can act on.</summary>
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
    public static bool IsFileFailure(Exception failure) =>
        failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException;

    /// <summary>Whether a file could not be opened because another process has it open.</summary>
    public static bool IsInUse(IOException failure) =>
        failure.HResult is WindowsSharingViolation or LinuxWouldBlock or MacWouldBlock;

    /// <summary>The error for a file that could not be read.</summary>
    public static SlcException Reading(string path, Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => new SlcException("FileNotFound", SlcErrorKind.NotFound,
            $"The file '{path}' does not exist. Check the path.", path, failure),
        _ when Directory.Exists(path) => new SlcException("FileUnreadable", SlcErrorKind.InvalidData,
            $"'{path}' is a folder where a file was expected.", path, failure),
        _ => new SlcException("FileUnreadable", SlcErrorKind.InvalidData,
            $"The file '{path}' could not be read: {failure.Message} Check that it exists and that you may read it.", path, failure),
    };

    /// <summary>The error for a file or folder that could not be written.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="failure">What the system reported.</param>
    /// <param name="elsewhere">How to choose another place, as a sentence.</param>
    public static SlcException Writing(string path, Exception failure, string elsewhere) =>
        failure.HResult is WindowsDiskFull or WindowsHandleDiskFull or UnixNoSpace
            ? new SlcException("DiskFull", SlcErrorKind.WriteFailed,
                $"The disk is full: '{path}' could not be written. Free some space, or choose another place. {elsewhere}", path, failure)
            : new SlcException("NotWritable", SlcErrorKind.WriteFailed,
                $"'{path}' could not be written: {failure.Message} {elsewhere}", path, failure);
}

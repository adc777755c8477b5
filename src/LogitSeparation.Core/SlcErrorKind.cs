namespace LogitSeparation.Core;

/// <summary>What sort of thing an <see cref="SlcException"/> reports.</summary>
public enum SlcErrorKind
{
    /// <summary>A parameter has a value that cannot be used.</summary>
    InvalidArgument,

    /// <summary>A file or table holds something other than its format or the other data demand.</summary>
    InvalidData,

    /// <summary>A file, folder, class, loss or data set of that name does not exist.</summary>
    NotFound,

    /// <summary>Something outside is needed and cannot be had: a native library, a device, the network.</summary>
    Unavailable,

    /// <summary>A file could not be written.</summary>
    WriteFailed,

    /// <summary>Training left the finite numbers.</summary>
    Diverged,
}

namespace LogitSeparation.Core.Formats;

/// <summary>Texts that users give as paths.</summary>
internal static class LocalPath
{
    private const char VisibleNul = '\u2400';

    /// <summary>The full path.</summary>
    /// <param name="path">A path, relative to the process's folder or full.</param>
    /// <param name="parameter">The parameter that gave it, for the message; null where there is none.</param>
    /// <exception cref="SlcException"><c>PathEmpty</c>; <c>PathInvalid</c>: it holds what no path can.</exception>
    public static string Resolve(string path, string? parameter = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        var subject = parameter is null ? "The path" : $"-{parameter}";
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new SlcException("PathEmpty", SlcErrorKind.InvalidArgument,
                $"{subject} is empty. Give a path{(parameter is null ? "" : ", or leave it out")}.", parameter ?? path);
        }

        try
        {
            return Path.GetFullPath(path);
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException or PathTooLongException)
        {
            var visible = path.Replace('\0', VisibleNul);
            throw new SlcException("PathInvalid", SlcErrorKind.InvalidArgument,
                $"{subject} '{visible}' cannot be a path: {failure.Message} Check how it was made.", parameter ?? visible, failure);
        }
    }
}

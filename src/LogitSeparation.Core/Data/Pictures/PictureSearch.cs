using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Data.Pictures;

/// <summary>Finds the pictures of a folder.</summary>
public static class PictureSearch
{
    /// <summary>The files to look at: a file itself, whatever its name, or the pictures of a folder (by their names' endings), in order.</summary>
    /// <param name="path">A file or folder.</param>
    /// <param name="recurse">Whether folders in the folder are looked through too.</param>
    /// <exception cref="SlcException"><c>FileNotFound</c>, <c>FileUnreadable</c>, <c>PicturesMissing</c>, <c>PathEmpty</c>, <c>PathInvalid</c>.</exception>
    public static IReadOnlyList<string> Find(string path, bool recurse)
    {
        var full = LocalPath.Resolve(path);
        if (!Directory.Exists(full))
            return new[] { full };
        var found = FileFailure.Guard(full, () => Directory.GetFiles(full, "*", Options(recurse)).Where(PictureFile.IsName).ToArray());
        Array.Sort(found, StringComparer.Ordinal);
        return found.Length > 0 ? found : throw new SlcException("PicturesMissing", SlcErrorKind.NotFound,
            $"There is no picture in '{full}'{(recurse ? "" : " itself (-Recurse looks into its folders)")}. Give another folder.", full);
    }

    private static EnumerationOptions Options(bool recurse) =>
        new() { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = recurse };
}

using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Data.Pictures;

/// <summary>Finds the pictures of a folder.</summary>
public static class PictureSearch
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>The files to look at: a file itself, whatever its name, or the pictures of a folder (by their names' endings), in order.</summary>
    /// <param name="path">A file or folder.</param>
    /// <param name="recurse">Whether folders in the folder are looked through too; links to folders are not followed.</param>
    /// <param name="skip">Told of each folder in the folder that cannot be read; the others go on.</param>
    /// <exception cref="SlcException"><c>FileNotFound</c>, <c>FileUnreadable</c>, <c>PicturesMissing</c>, <c>PathEmpty</c>, <c>PathInvalid</c>.</exception>
    public static IReadOnlyList<string> Find(string path, bool recurse, Action<SlcException> skip)
    {
        var full = LocalPath.Resolve(path);
        if (!Directory.Exists(full))
            return new[] { full };
        var found = new List<string>();
        Collect(full, recurse, found, skip);
        found.Sort(StringComparer.Ordinal);
        return found.Count > 0 ? found.ToArray() : throw new SlcException("PicturesMissing", SlcErrorKind.NotFound,
            $"There is no picture in '{full}'{(recurse ? "" : " itself (-Recurse looks into its folders)")}. Give another folder.", full);
    }

    // A link to a folder may lead back to where one comes from.
    private static void Collect(string folder, bool recurse, List<string> found, Action<SlcException> skip)
    {
        foreach (var entry in FileFailure.Guard(folder, () => new DirectoryInfo(folder).GetFileSystemInfos("*", Everything)))
        {
            if (entry is not DirectoryInfo)
            {
                if (PictureFile.IsName(entry.FullName))
                    found.Add(entry.FullName);
                continue;
            }

            if (!recurse || entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
                continue;
            try
            {
                Collect(entry.FullName, recurse, found, skip);
            }
            catch (SlcException failure)
            {
                skip(failure);
            }
        }
    }
}

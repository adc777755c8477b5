using LogitSeparation.Core.Formats;
using static System.FormattableString;

namespace LogitSeparation.Core.Data.Pictures;

/// <summary>Pictures with their classes, before any is read.</summary>
/// <param name="Root">The folder that they lie in.</param>
/// <param name="Paths">The files.</param>
/// <param name="Labels">Their class indices.</param>
internal sealed record PictureList(string Root, string[] Paths, int[] Labels)
{
    public int Count => Paths.Length;

    /// <summary>The pictures of a folder that has a sub-folder for each class, in the order of their names.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="classes">The sub-folders' names in the order of the classes.</param>
    /// <param name="inner">The folder in each sub-folder that the pictures lie in; empty for the sub-folder itself.</param>
    /// <param name="cancellation">Looked at before each sub-folder.</param>
    public static PictureList OfFolders(string folder, IReadOnlyList<string> classes, string inner, CancellationToken cancellation)
    {
        var (paths, labels) = (new List<string>(), new List<int>());
        for (var c = 0; c < classes.Count; c++)
        {
            cancellation.ThrowIfCancellationRequested();
            var subfolder = Path.Combine(folder, classes[c], inner);
            if (!Directory.Exists(subfolder))
                continue;
            var found = List(subfolder);
            paths.AddRange(found);
            labels.AddRange(Enumerable.Repeat(c, found.Length));
        }

        return new(folder, [.. paths], [.. labels]);
    }

    /// <summary>The names of the sub-folders that hold pictures, in order.</summary>
    public static string[] Subfolders(string folder) => FileFailure.Guard(folder, () => Directory.EnumerateDirectories(folder)
        .Where(HoldsPictures).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).ToArray());

    /// <summary>Whether a folder holds a picture.</summary>
    public static bool HoldsPictures(string folder) => FileFailure.Guard(folder, () => Directory.EnumerateFiles(folder).Any(PictureFile.IsName));

    /// <summary>Refuses a list without pictures.</summary>
    /// <exception cref="SlcException"><c>DatasetFileMissing</c>.</exception>
    public PictureList RequireSome() => Count > 0
        ? this
        : throw new SlcException("DatasetFileMissing", SlcErrorKind.NotFound,
            $"There are no pictures in the class folders of '{Root}'. Put them there, or give another folder with -Path.", Root);

    /// <summary>The fingerprint of the names, lengths and labels: reading all of what may be 150 GB would take hours.</summary>
    public IEnumerable<string> Describe() => Paths.Select(path => Invariant(
        $"{Path.GetRelativePath(Root, path).Replace('\\', '/')} {FileFailure.Guard(path, () => new FileInfo(path).Length)}"));

    private static string[] List(string folder)
    {
        var found = FileFailure.Guard(folder, () => Directory.GetFiles(folder));
        var pictures = Array.FindAll(found, PictureFile.IsName);
        Array.Sort(pictures, StringComparer.Ordinal);
        return pictures;
    }
}

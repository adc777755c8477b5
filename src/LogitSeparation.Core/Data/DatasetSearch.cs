using LogitSeparation.Core.Data.Layouts;

namespace LogitSeparation.Core.Data;

/// <summary>Looks for data sets in the folders of this machine; first found, first taken.</summary>
/// <param name="known">The data sets that have a name.</param>
/// <param name="locations">Where to look.</param>
internal sealed class DatasetSearch(IReadOnlyList<KnownDataset> known, DatasetLocations locations)
{
    // One inaccessible folder must not hide the others.
    private static readonly EnumerationOptions Accessible = new() { IgnoreInaccessible = true };

    /// <summary>Whether two names are spellings of one: fashion-mnist, fashion_mnist and FashionMNIST are.</summary>
    public static bool IsSameName(string one, string other) =>
        string.Equals(Normalise(one), Normalise(other), StringComparison.OrdinalIgnoreCase);

    /// <summary>The data set in the user's and the system's folders, then the cache; null where there is none.</summary>
    /// <exception cref="SlcException"><c>DatasetFileMissing</c>: a folder holds only some of its files.</exception>
    public IdxFolder? Find(string name) =>
        Candidates(name).Select(IdxFolder.Find).FirstOrDefault(found => found is not null) ?? FindCached(name);

    /// <summary>The data set in a folder that the user gave: in itself, or in a folder of the data set's name below it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The name; null where the folder itself is meant.</param>
    public static IdxFolder? FindIn(string folder, string? name) =>
        new[] { folder, Path.Combine(folder, "raw") }.Concat(name is null ? [] : Subfolders(folder, name))
            .Select(IdxFolder.Find).FirstOrDefault(found => found is not null);

    /// <summary>The first place that a data set of another layout lies at, by its names; null where there is none.</summary>
    /// <param name="layout">The layout.</param>
    public string? Find(DatasetLayout layout)
    {
        string[] names = [layout.Info.Name, .. layout.FolderNames];
        var folders = locations.UserFolders.Concat(locations.SystemFolders).Append(locations.CacheFolder ?? "").Where(Directory.Exists);
        return folders
            .SelectMany(folder => Directory.EnumerateFileSystemEntries(folder, "*", Accessible).Order(StringComparer.Ordinal).Prepend(folder))
            .FirstOrDefault(path => names.Any(name => IsSameName(Path.GetFileName(Path.TrimEndingDirectorySeparator(path)), name)) && layout.IsAt(path));
    }

    /// <summary>The folders of the user's that bear no known name and hold a data set's files, by their own names.</summary>
    public IEnumerable<string> FindOtherNames() =>
        locations.UserFolders.Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateDirectories(folder, "*", Accessible).Order(StringComparer.Ordinal))
            .Where(folder => !known.Any(set => IsSameName(set.Name, Path.GetFileName(folder))) && HoldsFiles(folder))
            .Select(folder => Path.GetFileName(folder)!)
            .Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>The folder of the cache that a data set's downloads go to; null where there is no cache.</summary>
    public string? CacheFolderOf(string name) => locations.CacheFolder is null ? null : Path.Combine(locations.CacheFolder, name);

    private IEnumerable<string> Candidates(string name)
    {
        foreach (var folder in locations.UserFolders)
        {
            if (MayItselfBe(folder, name))
                yield return folder;
            foreach (var subfolder in Subfolders(folder, name))
                yield return subfolder;
        }

        foreach (var subfolder in locations.SystemFolders.SelectMany(folder => Subfolders(folder, name)))
            yield return subfolder;
    }

    // Data sets of this format share their file names, so a folder that bears another's name is not this one; and a name
    // that is not known is that of a folder.
    private bool MayItselfBe(string folder, string name)
    {
        var own = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        var isKnown = known.Any(set => set.Name == name);
        return IsSameName(own, name) || (isKnown && !known.Any(set => IsSameName(set.Name, own)));
    }

    // torchvision keeps the files in a folder "raw" below the data set's.
    private static IEnumerable<string> Subfolders(string folder, string name) => !Directory.Exists(folder)
        ? []
        : Directory.EnumerateDirectories(folder, "*", Accessible)
            .Where(subfolder => IsSameName(Path.GetFileName(subfolder), name))
            .Order(StringComparer.Ordinal)
            .SelectMany(subfolder => new[] { subfolder, Path.Combine(subfolder, "raw") });

    // A part of a data set in the cache is a download to go on with, not an error.
    private IdxFolder? FindCached(string name) =>
        known.FirstOrDefault(set => set.Name == name) is { } set && CacheFolderOf(name) is { } folder
            && set.Files.All(file => File.Exists(Path.Combine(folder, file.Name)))
            ? set.FilesIn(folder)
            : null;

    private static bool HoldsFiles(string folder)
    {
        try
        {
            return FindIn(folder, name: null) is not null;
        }
        catch (SlcException)
        {
            return false;
        }
    }

    private static string Normalise(string name) => string.Concat(name.Where(char.IsLetterOrDigit));
}

using LogitSeparation.Core.Data.Pictures;
using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Data.Layouts;

/// <summary>All layouts but that of IDX files, and how a data set in one of them is opened.</summary>
internal static class DatasetLayouts
{
    private const int MaxSize = 4096;

    // From the most particular to the least: a folder of class folders is almost anything.
    private static readonly DatasetLayout[] All =
    [
        new SvhnDataset(), CifarDataset.Ten, CifarDataset.Hundred, new TinyImageNetDataset(), new ImageNetDataset(), new ArrayLayout(),
        new PictureFolderLayout(),
    ];

    /// <summary>The layouts of one data set each, in the order of the catalogue.</summary>
    public static IEnumerable<DatasetLayout> Named => All.Where(layout => layout.HasName);

    /// <summary>The layout of the data set of that name; null where there is none.</summary>
    public static DatasetLayout? ByName(string name) => Named.FirstOrDefault(layout => DatasetSearch.IsSameName(layout.Info.Name, name));

    /// <summary>The layout that a folder or file has, and where; null where it has none of them.</summary>
    /// <param name="path">What the user gave.</param>
    /// <param name="name">The name that the user gave; null for none.</param>
    /// <exception cref="SlcException"><c>DatasetNotFound</c>: the name is that of a data set, and it is not there.</exception>
    public static (DatasetLayout? Layout, string? Place) Find(string path, string? name)
    {
        if (name is not null && ByName(name) is { } named)
        {
            return PlaceIn(path, named) is { } place ? (named, place) : throw new SlcException("DatasetNotFound", SlcErrorKind.NotFound,
                $"'{path}' is not {named.Info.Name}. {named.Expectation}", path);
        }

        if (IdxFolder.HoldsSome(path))
            return (null, null);
        return Array.Find(All, layout => layout.IsAt(path)) is { } found ? (found, path) : (null, null);
    }

    /// <summary>Opens a data set.</summary>
    /// <param name="layout">Its layout.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="place">Where it lies; null where it was not found.</param>
    /// <param name="cancellation">Looked at between files.</param>
    public static Dataset Open(DatasetLayout layout, DatasetRequest request, string? place, CancellationToken cancellation)
    {
        if (place is null)
        {
            throw new SlcException("DatasetNotFound", SlcErrorKind.NotFound,
                $"{layout.Info.Name} is not on this machine, and it is not downloaded. {layout.Expectation} Give it with -Path, or name the "
                + $"folder above it in the environment variable {DatasetLocations.DataVariable}. It comes from {layout.Info.Source}.{DatasetLocations.DescribeMissing()}", layout.Info.Name);
        }

        request.RefuseOthers(layout.Parameters, layout.HasName ? layout.Info.Name : "a data set of this kind");
        if (request.Size is < 1 or > MaxSize)
        {
            throw new SlcException("InvalidSize", SlcErrorKind.InvalidArgument,
                FormattableString.Invariant($"-Size is {request.Size}, but must be a whole number from 1 to {MaxSize}."), nameof(DatasetRequest.Size));
        }

        var examples = layout.Read(place, request, cancellation);
        cancellation.ThrowIfCancellationRequested();
        var name = layout.HasName && request.Name is null ? layout.Info.Name : request.Name ?? NameOf(place);
        var identity = new DatasetIdentity(ByName(name)?.Info.Name ?? name, place, Checksum(examples), request.Seed, ValidationCount: 0);
        return DatasetAssembly.Assemble(layout.Identify(identity, request), request, examples, place);
    }

    private static string Checksum(LabelledExamples examples)
    {
        ExampleStore[] stores = examples.Test is null ? [examples.Train] : [examples.Train, examples.Test];
        return stores[0] is PictureExamples
            ? DatasetChecksum.Compute(
                stores.SelectMany(store => ((PictureExamples)store).Describe()), [.. stores.SelectMany(store => store.Labels)])
            : DatasetChecksum.Compute(stores);
    }

    private static string? PlaceIn(string path, DatasetLayout layout)
    {
        if (layout.IsAt(path) || !Directory.Exists(path))
            return layout.IsAt(path) ? path : null;
        string[] names = [layout.Info.Name, .. layout.FolderNames];
        return FileFailure.Guard(path, () => Directory.EnumerateFileSystemEntries(path).Order(StringComparer.Ordinal).FirstOrDefault(
            entry => names.Any(name => DatasetSearch.IsSameName(Path.GetFileName(entry), name)) && layout.IsAt(entry)));
    }

    private static string NameOf(string path)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        return Path.HasExtension(name) && File.Exists(path) ? Path.GetFileNameWithoutExtension(name) : name;
    }
}

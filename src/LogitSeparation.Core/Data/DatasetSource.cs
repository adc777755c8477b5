using LogitSeparation.Core.Data.Layouts;
using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Data;

/// <summary>Opens data sets from given places; <see cref="DatasetCatalog"/> is the one with this machine's.</summary>
/// <param name="known">The data sets that have a name, beside the embedded one.</param>
/// <param name="locations">Where to look.</param>
/// <param name="download">Fetches what is not found.</param>
internal sealed class DatasetSource(IReadOnlyList<KnownDataset> known, DatasetLocations locations, DatasetDownload download)
{
    private readonly DatasetSearch _search = new(known, locations);

    public Dataset Open(DatasetRequest request, Action<DownloadProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellation.ThrowIfCancellationRequested();
        if (request.Path is not null)
            return OpenPath(request, cancellation);

        var name = request.Name ?? DigitsDataset.Name;
        if (DatasetSearch.IsSameName(name, SyntheticDataset.Name))
        {
            request.RefuseOthers([nameof(DatasetRequest.Synthetic), nameof(DatasetRequest.TestCount)], SyntheticDataset.Name);
            return SyntheticDataset.Open(request);
        }

        if (DatasetLayouts.ByName(name) is { } layout)
            return DatasetLayouts.Open(layout, request, _search.Find(layout), cancellation);
        RefuseFileParameters(request);
        return DatasetSearch.IsSameName(name, DigitsDataset.Name)
            ? DigitsDataset.Open(request)
            : OpenNamed(name, request, progress, cancellation);
    }

    public IReadOnlyList<DatasetInfo> List()
    {
        var others = _search.FindOtherNames().Select(name => new DatasetInfo(
            name, $"IDX files in a folder of {DatasetLocations.DataVariable}", ClassCount: null, ExampleShape: null, TrainCount: null,
            TestCount: null, IsAvailable: true, Location: null, Problem: null, License: null, Source: null));
        var layouts = DatasetLayouts.Named.Select(layout => (layout.Info, Location: _search.Find(layout)))
            .Select(found => found.Info with { IsAvailable = found.Location is not null, Location = found.Location });
        return [DigitsDataset.Info, .. known.Select(set => Locate(set.Info)), .. layouts, SyntheticDataset.Info, .. others.Select(Locate)];
    }

    public Dataset Reopen(
        DatasetIdentity identity, bool noDownload, Action<DownloadProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(identity);
        var dataset = OpenAgain(identity, noDownload, progress, cancellation);
        if (dataset.Identity.Checksum == identity.Checksum)
            return dataset;
        throw new SlcException("DatasetChanged", SlcErrorKind.InvalidData,
            $"The data set {identity.Name}{(dataset.Path is null ? "" : $" in '{dataset.Path}'")} is not the one that the model was "
            + $"trained on: its checksum is {dataset.Identity.Checksum}, and {identity.Checksum} was expected. Restore it, or give the "
            + "data set to use with -Dataset.", identity.Name);
    }

    private Dataset OpenAgain(
        DatasetIdentity identity, bool noDownload, Action<DownloadProgress>? progress, CancellationToken cancellation)
    {
        var request = RequestFor(identity, noDownload);
        try
        {
            return Open(request, progress, cancellation);
        }
        catch (SlcException failure)
        {
            throw new SlcException(failure.ErrorId, failure.Kind,
                $"The data set {identity.Name}, which the model was trained on, could not be opened again. {failure.Message} "
                + "Or give the data set to use with -Dataset.", failure.Target, failure);
        }
    }

    private DatasetRequest RequestFor(DatasetIdentity identity, bool noDownload)
    {
        var byName = new DatasetRequest
        {
            Name = identity.Name,
            ValidationCount = identity.ValidationCount,
            Seed = identity.Seed,
            NoDownload = noDownload,
            CoarseLabel = identity.CoarseLabel,
            Extra = identity.Extra,
            Size = identity.Size,
            Stream = identity.Stream,
            LabelColumn = identity.LabelColumn,
            Synthetic = identity.Synthetic,
        };
        if (identity.Path is null)
            return byName;
        if (Path.Exists(identity.Path))
        {
            return byName with
            {
                Path = identity.Path,
                LabelPath = identity.LabelPath,
                TestPath = identity.TestPath,
                TestLabelPath = identity.TestLabelPath,
                TestCount = identity.TestCount,
            };
        }

        // A folder that has moved, or a model that came from another machine.
        if (identity.LabelPath is null
            && (FindKnown(identity.Name) is not null || DatasetLayouts.ByName(identity.Name) is not null || _search.Find(identity.Name) is not null))
        {
            return byName with { TestCount = DatasetLayouts.ByName(identity.Name) is null ? null : identity.TestCount };
        }

        throw new SlcException("DatasetNotFound", SlcErrorKind.NotFound,
            $"The data set {identity.Name}, which the model was trained on, is no longer at '{identity.Path}'. Give it with -Dataset.",
            identity.Path);
    }

    private Dataset OpenPath(DatasetRequest request, CancellationToken cancellation)
    {
        var path = LocalPath.Resolve(request.Path!, nameof(DatasetRequest.Path));
        if (!Path.Exists(path))
        {
            throw new SlcException("PathNotFound", SlcErrorKind.NotFound,
                $"There is neither a folder nor a file '{path}'. Check the path.", path);
        }

        var (layout, place) = DatasetLayouts.Find(path, request.Name);
        if (layout is not null)
            return DatasetLayouts.Open(layout, request, place, cancellation);
        if (!Directory.Exists(path))
            return OpenPair(path, request, cancellation);

        RefuseFileParameters(request);
        var folder = DatasetSearch.FindIn(path, request.Name) ?? throw new SlcException("DatasetNotFound", SlcErrorKind.NotFound,
            $"The folder '{path}' holds no data set: there is no file named as those of MNIST (train-images-idx3-ubyte, …, raw or with "
            + ".gz), CIFAR or SVHN, and no sub-folder with pictures. Give another folder, or a file of images or features.", path);
        return OpenFolder(folder, request, cancellation);
    }

    private Dataset OpenNamed(
        string asked, DatasetRequest request, Action<DownloadProgress>? progress, CancellationToken cancellation)
    {
        var set = FindKnown(asked);
        var name = set?.Name ?? asked;
        var folder = _search.Find(name);
        if (folder is null && set is null)
        {
            var names = List().Select(info => info.Name).ToArray();
            throw new SlcException("UnknownDataset", SlcErrorKind.NotFound,
                $"There is no data set '{asked}'.{NearestName.Suggest(asked, names)} Known are {string.Join(", ", names)}; others are "
                + $"opened with -Path, or by their folder's name in a folder of {DatasetLocations.DataVariable}.", asked);
        }

        if (set is not null && (folder is null || folder.Folder == _search.CacheFolderOf(name)))
            folder = OpenCache(set, folder, request, progress, cancellation);
        return OpenFolder(folder!, request with { Name = name }, cancellation);
    }

    /// <summary>A data set in the cache, each file held against its pin.</summary>
    private IdxFolder OpenCache(
        KnownDataset set, IdxFolder? found, DatasetRequest request, Action<DownloadProgress>? progress, CancellationToken cancellation)
    {
        var cache = _search.CacheFolderOf(set.Name);
        if (!request.NoDownload)
            download.Fetch(set, cache, progress, cancellation);
        else if (found is not null)
            DatasetDownload.RequireIntact(set, cache!);
        else
        {
            throw new SlcException("DatasetNotFound", SlcErrorKind.NotFound,
                $"{set.Name} is not on this machine, and -NoDownload forbids downloading it. {set.Remedy}", set.Name);
        }

        return set.FilesIn(cache!);
    }

    private Dataset OpenFolder(IdxFolder folder, DatasetRequest request, CancellationToken cancellation)
    {
        var (train, test) = folder.Read(cancellation);
        var checksum = DatasetChecksum.Compute(train, test);
        var identified = known.FirstOrDefault(set => set.Checksum == checksum);
        var name = request.Name ?? identified?.Name ?? NameOf(folder.Folder);
        RequireContent(name, checksum, folder.Folder);
        cancellation.ThrowIfCancellationRequested();
        var identity = new DatasetIdentity(
            FindKnown(name)?.Name ?? name, folder.Folder, checksum, request.Seed, ValidationCount: 0);
        return DatasetAssembly.Assemble(identity, request, identified?.ClassNames, train, test);
    }

    // What is reported under a known name must be that data set. The content is compared and not the files' bytes, as not
    // everybody compresses alike.
    private void RequireContent(string name, string checksum, string path)
    {
        var expected = DatasetSearch.IsSameName(name, DigitsDataset.Name) ? DigitsDataset.Checksum : FindKnown(name)?.Checksum;
        if (expected is null || expected == checksum)
            return;
        var found = known.FirstOrDefault(set => set.Checksum == checksum) is { } other ? $"{other.Name}, not" : "something other than";
        throw new SlcException("DatasetMismatch", SlcErrorKind.InvalidData,
            $"'{path}' holds {found} {name}: the checksum of its content is {checksum}, where {expected} was expected. Open it by "
            + $"another name (-Path and -Name), or delete it so that {name} is looked for elsewhere.", path);
    }

    private Dataset OpenPair(string imagePath, DatasetRequest request, CancellationToken cancellation)
    {
        var labelPath = IdxPair.FindLabels(imagePath, request.LabelPath, nameof(DatasetRequest.LabelPath));
        var train = LabelledImages.Read(imagePath, labelPath);
        var identity = new DatasetIdentity(request.Name ?? NameOf(imagePath), imagePath, "", request.Seed, ValidationCount: 0)
        {
            LabelPath = labelPath,
        };
        cancellation.ThrowIfCancellationRequested();
        if (request.TestPath is null)
        {
            RefuseUnused(request.TestLabelPath, nameof(DatasetRequest.TestLabelPath), "there is no -TestPath");
            return DatasetAssembly.Assemble(Identify(identity, train), request, classNames: null, train, test: null);
        }

        RefuseUnused(request.TestCount, nameof(DatasetRequest.TestCount), "-TestPath gives the test set");
        var testPath = LocalPath.Resolve(request.TestPath, nameof(DatasetRequest.TestPath));
        var testLabelPath = IdxPair.FindLabels(testPath, request.TestLabelPath, nameof(DatasetRequest.TestLabelPath));
        var test = LabelledImages.Read(testPath, testLabelPath);
        cancellation.ThrowIfCancellationRequested();
        return DatasetAssembly.Assemble(
            Identify(identity, train, test) with { TestPath = testPath, TestLabelPath = testLabelPath }, request, classNames: null,
            train, test);
    }

    private DatasetIdentity Identify(DatasetIdentity identity, params LabelledImages[] sets)
    {
        var checksum = DatasetChecksum.Compute(sets);
        RequireContent(identity.Name, checksum, identity.Path!);
        return identity with { Checksum = checksum };
    }

    private DatasetInfo Locate(DatasetInfo info)
    {
        try
        {
            var found = _search.Find(info.Name);
            return info with { IsAvailable = found is not null, Location = found?.Folder };
        }
        catch (SlcException failure)
        {
            return info with { IsAvailable = false, Location = Path.GetDirectoryName(failure.Target as string), Problem = failure.Message };
        }
    }

    private KnownDataset? FindKnown(string name) => known.FirstOrDefault(set => DatasetSearch.IsSameName(set.Name, name));

    private static void RefuseFileParameters(DatasetRequest request)
    {
        const string Reason = "it belongs to a file of images given as -Path";
        RefuseUnused(request.LabelPath, nameof(DatasetRequest.LabelPath), Reason);
        RefuseUnused(request.TestPath, nameof(DatasetRequest.TestPath), Reason);
        RefuseUnused(request.TestLabelPath, nameof(DatasetRequest.TestLabelPath), Reason);
        RefuseUnused(request.TestCount, nameof(DatasetRequest.TestCount), Reason);
        request.RefuseOthers([], "this data set");
    }

    private static void RefuseUnused(object? value, string parameter, string reason) => DatasetRequest.RefuseUnused(value, parameter, reason);

    private static string NameOf(string path)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        return name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
    }
}

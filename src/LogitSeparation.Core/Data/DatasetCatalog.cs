using LogitSeparation.Core.Data.Layouts;

namespace LogitSeparation.Core.Data;

/// <summary>Opens data sets by name or path, and lists those that have a name.</summary>
public static class DatasetCatalog
{
    /// <summary>Opens a data set, downloading it where it has a name and is not on this machine.</summary>
    /// <param name="request">Which one, and how to split it.</param>
    /// <param name="progress">Called on the calling thread while downloading; may be null.</param>
    /// <param name="cancellation">Stops within a moment; a download is resumed the next time.</param>
    /// <exception cref="SlcException">
    /// <c>UnknownDataset</c>, <c>DatasetNotFound</c>, <c>DatasetFileMissing</c>, <c>DatasetMismatch</c>,
    /// <c>DatasetParameterUnused</c>, <c>PathNotFound</c>, <c>PathEmpty</c>, <c>PathInvalid</c>,
    /// <c>LabelFileMissing</c>, <c>ExampleCountMismatch</c>, <c>ExampleShapeMismatch</c>,
    /// <c>UnknownLabel</c>, <c>ValidationCountOutOfRange</c>, <c>TestCountOutOfRange</c>; of files <c>FileNotFound</c>,
    /// <c>FileUnreadable</c>, <c>IdxFileEmpty</c>, <c>IdxFileWrongMagic</c>, <c>IdxFileWrongType</c>, <c>IdxFileWrongRank</c>,
    /// <c>IdxFileTooLarge</c>, <c>IdxFileTruncated</c>, <c>IdxFileTrailingBytes</c>, <c>IdxFileCorrupt</c>,
    /// <c>CifarFileDamaged</c>, <c>SvhnFileDamaged</c>, <c>MatFileDamaged</c>, <c>MatFileUnsupported</c>, <c>TarFileDamaged</c>,
    /// <c>SynsetFileDamaged</c>, <c>PictureDamaged</c>, <c>PictureSizesDiffer</c>, <c>DatasetTooLarge</c>, <c>InvalidSize</c>,
    /// <c>ArrayFileInvalid</c>, <c>NpyArrayDamaged</c>, <c>NpyTypeUnsupported</c>, <c>CsvFileDamaged</c>, <c>UnknownLabelColumn</c>,
    /// <c>InvalidSyntheticOption</c>; of downloads <c>DownloadFailed</c>, <c>DownloadRefused</c>, <c>DownloadWrongContent</c>, <c>CacheFolderUnknown</c>, <c>NotWritable</c>,
    /// <c>DiskFull</c>.
    /// </exception>
    public static Dataset Open(DatasetRequest request, Action<DownloadProgress>? progress, CancellationToken cancellation) =>
        CreateSource().Open(request, progress, cancellation);

    /// <summary>The data sets that can be opened by name, with where they are found.</summary>
    public static IReadOnlyList<DatasetInfo> List() => CreateSource().List();

    /// <summary>Whether a name stands for one data set everywhere; others come from where the files lie, or from who opened them.</summary>
    internal static bool IsCatalogued(string name) => name == DigitsDataset.Name || name == SyntheticDataset.Name
        || KnownDataset.All.Any(known => known.Name == name) || DatasetLayouts.Named.Any(layout => layout.Info.Name == name);

    /// <summary>
    /// Opens the data set that a model was trained on, with the same splits: at its path, or, where that is gone, by its name.
    /// </summary>
    /// <param name="identity">What the model knows of it.</param>
    /// <param name="noDownload">Whether a data set that is not on this machine is an error rather than downloaded.</param>
    /// <param name="progress">Called on the calling thread while downloading; may be null.</param>
    /// <param name="cancellation">Stops within a moment.</param>
    /// <exception cref="SlcException">
    /// <c>DatasetChanged</c>: what is found has other content; <c>DatasetNotFound</c>; otherwise those of <see cref="Open"/>.
    /// </exception>
    public static Dataset Reopen(
        DatasetIdentity identity, bool noDownload, Action<DownloadProgress>? progress, CancellationToken cancellation) =>
        CreateSource().Reopen(identity, noDownload, progress, cancellation);

    private static DatasetSource CreateSource() =>
        new(KnownDataset.All, DatasetLocations.FromEnvironment(), DatasetDownload.Shared);
}

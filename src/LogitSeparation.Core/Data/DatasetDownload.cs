using System.Diagnostics;
using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Data;

/// <summary>Downloads the files of a known data set to the user's cache.</summary>
/// <param name="files">Fetches each of them.</param>
internal sealed class DatasetDownload(FileDownload files)
{
    private const string Elsewhere = $"Name a folder for downloads in the environment variable {DatasetLocations.CacheVariable}.";
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>The one for all: connections are shared.</summary>
    public static DatasetDownload Shared { get; } = new(new FileDownload(CreateClient(), StallLimit));

    /// <summary>Makes sure that the files in the cache are those that were published.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="folder">Where all its files are.</param>
    /// <exception cref="SlcException"><c>DatasetMismatch</c>: names the one that is not.</exception>
    public static void RequireIntact(KnownDataset dataset, string folder)
    {
        foreach (var file in dataset.Files)
        {
            var path = Path.Combine(folder, file.Name);
            if (!file.IsAt(path))
            {
                throw new SlcException("DatasetMismatch", SlcErrorKind.InvalidData,
                    $"'{path}' in the cache is not the file of {dataset.Name} that was published: its SHA-256 is not {file.Sha256}. "
                    + "Delete it, or leave out -NoDownload, and it is downloaded anew.", path);
            }
        }
    }

    /// <summary>Downloads what is not yet in the folder, and anew what is there and is not what was published.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="folder">Where its files go; null where the user has no cache.</param>
    /// <param name="progress">Called on the calling thread; may be null.</param>
    /// <param name="cancellation">Stops it; what has come is resumed the next time.</param>
    public void Fetch(KnownDataset dataset, string? folder, Action<DownloadProgress>? progress, CancellationToken cancellation)
    {
        CreateFolder(dataset, folder);
        var total = dataset.Files.Sum(file => file.Length);
        long before = 0;
        foreach (var file in dataset.Files)
        {
            var meter = new Meter(progress, dataset.Name, file.Name, before, total);
            FetchFile(dataset, file, Path.Combine(folder!, file.Name), meter, cancellation);
            before += file.Length;
        }
    }

    private void FetchFile(KnownDataset dataset, KnownFile file, string path, Meter meter, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (File.Exists(path))
        {
            if (file.IsAt(path))
                return;
            Remove(path);
        }

        try
        {
            meter.Report(0, isLast: true);
            var address = new Uri(dataset.BaseAddress, file.Name);
            files.Fetch(address, file, path, received => meter.Report(received, isLast: false), cancellation);
            meter.Report(file.Length, isLast: true);
        }
        catch (SlcException failure) when (failure.Kind is SlcErrorKind.Unavailable or SlcErrorKind.InvalidData)
        {
            throw new SlcException(failure.ErrorId, failure.Kind,
                $"{dataset.Name} is not on this machine, and its file could not be had. {failure.Message} {dataset.Remedy}",
                failure.Target, failure.InnerException);
        }
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            throw FileFailure.Writing(path, failure, Elsewhere);
        }
    }

    private static void CreateFolder(KnownDataset dataset, string? folder)
    {
        if (folder is null)
        {
            throw new SlcException("CacheFolderUnknown", SlcErrorKind.Unavailable,
                $"There is no home folder to keep {dataset.Name} in. {Elsewhere}", DatasetLocations.CacheVariable);
        }

        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            throw FileFailure.Writing(folder, failure, Elsewhere);
        }
    }

    private static HttpClient CreateClient()
    {
        var handler = new SocketsHttpHandler { ConnectTimeout = ConnectLimit, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("LogitSeparation");
        return client;
    }

    /// <summary>Reports at most ten times a second, and the last time for sure.</summary>
    private sealed class Meter(Action<DownloadProgress>? progress, string dataset, string file, long before, long total)
    {
        private long _lastReport = Stopwatch.GetTimestamp();

        public void Report(long received, bool isLast)
        {
            if (progress is null || (!isLast && Stopwatch.GetElapsedTime(_lastReport) < ReportInterval))
                return;
            _lastReport = Stopwatch.GetTimestamp();
            progress(new DownloadProgress(dataset, file, before + received, total));
        }
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Formats;
using Xunit;

namespace LogitSeparation.Core.Tests.Data;

public sealed class DatasetDownloadTests : IDisposable
{
    private const string Images = KnownDataset.TrainImages;
    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(30);

    private readonly DataFolder _folder = new();
    private readonly HttpClient _client = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Dictionary<string, byte[]> _published = Publish();

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    private string Cache => _folder.PathOf("cache");

    private string ImagesInCache => Path.Combine(Cache, "Runes", Images);

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_data_set_is_downloaded_once_verified_and_reported_on_the_calling_thread()
    {
        using var server = new LoopbackServer((name, from) => Reply.File(_published[name], from));
        var reports = new List<DownloadProgress>();
        var thread = Environment.CurrentManagedThreadId;

        var runes = Open(server.Address, progress: report =>
        {
            Assert.Equal(thread, Environment.CurrentManagedThreadId);
            reports.Add(report);
        });

        Assert.Equal((320, 80, 100), (runes.Train.Count, runes.Validation.Count, runes.Test.Count));
        Assert.Equal(Path.Combine(Cache, "Runes"), runes.Path);
        Assert.Equal(_published.Keys.Order(), Directory.EnumerateFiles(runes.Path!).Select(Path.GetFileName).Order());
        Assert.All(_published, file => Assert.Equal(file.Value, File.ReadAllBytes(Path.Combine(runes.Path!, file.Key))));

        var total = _published.Values.Sum(content => content.Length);
        Assert.All(reports, report => Assert.Equal(("Runes", (long)total), (report.Dataset, report.TotalBytes)));
        Assert.Equal(reports.Select(report => report.ReceivedBytes).Order(), reports.Select(report => report.ReceivedBytes));
        Assert.Equal(total, reports[^1].ReceivedBytes);

        Open(server.Address);
        Assert.Equal(_published.Count, server.Requests.Count);
    }

    [Fact]
    public void A_broken_connection_is_taken_up_where_it_broke()
    {
        using var server = new LoopbackServer((name, from) =>
            Reply.File(_published[name], from) with { BreakAfter = name == Images && from is null ? 1000 : null });
        Open(server.Address);
        Assert.Equal([null, 1000], RangesOf(server, Images));
        Assert.Equal(_published[Images], File.ReadAllBytes(ImagesInCache));
    }

    [Fact]
    public void A_connection_that_breaks_for_good_leaves_a_part_that_the_next_download_resumes()
    {
        using (var server = new LoopbackServer((name, from) =>
            Reply.File(_published[name], from) with { BreakAfter = from is null ? 1000 : 0 }))
        {
            var error = Throws("DownloadFailed", server.Address);
            Assert.Equal(SlcErrorKind.Unavailable, error.Kind);
            Assert.Equal([null, 1000], RangesOf(server, Images));
        }

        Assert.Equal(_published[Images][..1000], File.ReadAllBytes(ImagesInCache + ".partial"));
        using (var server = new LoopbackServer((name, from) => Reply.File(_published[name], from)))
        {
            Open(server.Address);
            Assert.Equal([1000], RangesOf(server, Images));
        }

        Assert.False(File.Exists(ImagesInCache + ".partial"));
    }

    [Fact]
    public void A_server_that_ignores_ranges_is_taken_from_the_start()
    {
        _folder.Write($"cache/Runes/{Images}.partial", [1, 2, 3]);
        using var server = new LoopbackServer((name, _) => Reply.File(_published[name], from: null));
        Open(server.Address);
        Assert.Equal([3], RangesOf(server, Images));
        Assert.Equal(_published[Images], File.ReadAllBytes(ImagesInCache));
    }

    [Fact]
    public void A_server_that_refuses_the_range_is_asked_for_the_whole()
    {
        _folder.Write($"cache/Runes/{Images}.partial", [1, 2, 3]);
        using var server = new LoopbackServer((name, from) => from is null ? Reply.File(_published[name], null) : new Reply(416, []));
        Open(server.Address);
        Assert.Equal([3, null], RangesOf(server, Images));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1 << 20)]
    public void A_part_of_something_else_is_thrown_away(int length)
    {
        _folder.Write($"cache/Runes/{Images}.partial", new byte[length]);
        using var server = new LoopbackServer((name, from) => Reply.File(_published[name], from));
        Open(server.Address);
        Assert.Null(RangesOf(server, Images)[^1]);
        Assert.Equal(_published[Images], File.ReadAllBytes(ImagesInCache));
    }

    [Fact]
    public void A_whole_part_is_verified_without_asking_the_server()
    {
        _folder.Write($"cache/Runes/{Images}.partial", _published[Images]);
        using var server = new LoopbackServer((name, from) => Reply.File(_published[name], from));
        Open(server.Address);
        Assert.Empty(RangesOf(server, Images));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Another_file_than_the_pinned_one_is_not_kept(int longer)
    {
        using var server = new LoopbackServer((name, from) => Reply.File(new byte[_published[name].Length + longer], from));
        var error = Throws("DownloadWrongContent", server.Address);
        Assert.Contains(Images, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(ImagesInCache)!));
    }

    [Fact]
    public void A_refusal_says_the_status_and_the_remedies()
    {
        using var server = new LoopbackServer((_, _) => new Reply(404, [1, 2, 3]));
        var error = Throws("DownloadRefused", server.Address);
        Assert.Contains("404", error.Message, StringComparison.Ordinal);
        AssertRemedies(error);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(ImagesInCache)!));
    }

    [Fact]
    public void Without_a_network_the_error_comes_at_once_and_says_what_to_do()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}/");
        taken.Stop();

        var watch = Stopwatch.StartNew();
        var error = Throws("DownloadFailed", address);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Contains($"{address}{Images}", error.Message, StringComparison.Ordinal);
        AssertRemedies(error);
    }

    [Fact]
    public void A_name_that_does_not_resolve_is_an_error()
    {
        // RFC 2606 reserves the domain, so no resolver knows it.
        AssertRemedies(Throws("DownloadFailed", new Uri("http://data.invalid/")));
    }

    [Fact]
    public void A_silent_server_is_given_up()
    {
        using var server = new LoopbackServer((name, from) => Reply.File(_published[name], from) with { SilentAfter = 0 });
        var source = Source(server.Address, stallLimit: TimeSpan.FromSeconds(1));
        var error = Assert.Throws<SlcException>(() => source.Open(new DatasetRequest { Name = "Runes" }, null, Stopping));
        Assert.Equal("DownloadFailed", error.ErrorId);
        Assert.Contains("does not answer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelling_stops_at_once_and_leaves_a_part_to_resume()
    {
        using var server = new LoopbackServer((name, from) =>
            Reply.File(_published[name], from) with { SilentAfter = from is null ? 500 : null });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stopping);
        Directory.CreateDirectory(Path.GetDirectoryName(ImagesInCache)!);
        var file = Pins().Single(file => file.Name == Images);
        var watch = Stopwatch.StartNew();
        Assert.Throws<OperationCanceledException>(() => new FileDownload(_client, TimeSpan.FromMinutes(5)).Fetch(
            new Uri(server.Address, Images), file, ImagesInCache, received => CancelAt(stop, received, 500), stop.Token));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Equal(500, new FileInfo(ImagesInCache + ".partial").Length);

        using var recovered = new LoopbackServer((name, from) => Reply.File(_published[name], from));
        Open(recovered.Address);
        Assert.Equal([500], RangesOf(recovered, Images));
    }

    [Fact]
    public void A_file_in_the_cache_that_is_not_the_pinned_one_is_downloaded_anew()
    {
        using var server = new LoopbackServer((name, from) => Reply.File(_published[name], from));
        Open(server.Address);
        var damaged = File.ReadAllBytes(ImagesInCache);
        damaged[^1] ^= 1;
        File.WriteAllBytes(ImagesInCache, damaged);

        Open(server.Address);
        Assert.Equal(_published[Images], File.ReadAllBytes(ImagesInCache));
        Assert.Equal([null, null], RangesOf(server, Images));
        Assert.Equal(_published.Count + 1, server.Requests.Count);
    }

    [Fact]
    public async Task Two_at_once_download_each_file_once()
    {
        using var server = new LoopbackServer((name, from) => Reply.File(_published[name], from));
        var address = server.Address;
        var both = await Task.WhenAll(Task.Run(() => Open(address), Stopping), Task.Run(() => Open(address), Stopping));
        Assert.Equal(both[0].Identity, both[1].Identity);
        Assert.Equal(_published.Keys.Order(), server.Requests.Select(request => request.Name).Order());
        Assert.Equal(_published.Count, Directory.GetFiles(both[0].Path!).Length);
    }

    [Fact]
    public void NoDownload_forbids_it()
    {
        using var server = new LoopbackServer((name, from) => Reply.File(_published[name], from));
        var error = Assert.Throws<SlcException>(() =>
            Source(server.Address, StallLimit).Open(new DatasetRequest { Name = "Runes", NoDownload = true }, null, Stopping));
        Assert.Equal("DatasetNotFound", error.ErrorId);
        AssertRemedies(error);
        Assert.Contains("-NoDownload", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void A_cache_that_cannot_be_written_is_an_error_before_anything_is_sent()
    {
        File.WriteAllBytes(Cache, []);
        using var server = new LoopbackServer((name, from) => Reply.File(_published[name], from));
        var error = Throws("NotWritable", server.Address);
        Assert.Equal(SlcErrorKind.WriteFailed, error.Kind);
        Assert.Contains("SLC_CACHE", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void A_full_disk_is_told_from_other_failures()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here.");
        var failure = Assert.ThrowsAny<IOException>(() => File.WriteAllBytes("/dev/full", [1]));
        var error = FileFailure.Writing("/dev/full", failure, "Choose another.");
        Assert.Equal(("DiskFull", SlcErrorKind.WriteFailed), (error.ErrorId, error.Kind));
    }

    [Fact]
    public void The_pinned_files_are_those_of_the_shared_copy()
    {
        var folder = SharedFolder.Require("data/mnist");
        foreach (var file in KnownDataset.All.Single(set => set.Name == "MNIST").Files)
        {
            var content = File.ReadAllBytes(Path.Combine(folder, file.Name));
            Assert.Equal((file.Length, file.Sha256), (content.Length, Convert.ToHexStringLower(SHA256.HashData(content))));
        }
    }

    private static Dictionary<string, byte[]> Publish()
    {
        var random = new Random(11);
        byte[] Pixels(int count)
        {
            var pixels = new byte[count * 25];
            random.NextBytes(pixels);
            return DataFolder.Gzip(DataFolder.Idx(pixels, count, 5, 5));
        }

        static byte[] Labels(int count) =>
            DataFolder.Gzip(DataFolder.Idx([.. Enumerable.Range(0, count).Select(i => (byte)(i % 4))], count));
        return new Dictionary<string, byte[]>
        {
            [KnownDataset.TrainImages] = Pixels(400),
            [KnownDataset.TrainLabels] = Labels(400),
            [KnownDataset.TestImages] = Pixels(100),
            [KnownDataset.TestLabels] = Labels(100),
        };
    }

    private static void CancelAt(CancellationTokenSource stop, long received, long limit)
    {
        if (received >= limit)
            stop.Cancel();
    }

    private KnownFile[] Pins() =>
        [.. _published.Select(file => new KnownFile(file.Key, file.Value.Length, DataFolder.Checksum(file.Value)))];

    // What follows the headers of 16 bytes of images and of 8 of labels.
    private string ContentChecksum() => DataFolder.Checksum(
        [.. _published.Values.Select((content, i) => DataFolder.Unzip(content)[(i % 2 == 0 ? 16 : 8)..])]);

    private DatasetSource Source(Uri address, TimeSpan stallLimit)
    {
        var info = DigitsDataset.Info with { Name = "Runes", IsAvailable = false, Location = null };
        var runes = new KnownDataset(info, null, ContentChecksum(), address, "dataset-runes", Pins());
        return new DatasetSource(
            [runes], new DatasetLocations([], [], Cache), new DatasetDownload(new FileDownload(_client, stallLimit)));
    }

    private Dataset Open(Uri address, Action<DownloadProgress>? progress = null) =>
        Source(address, StallLimit).Open(new DatasetRequest { Name = "runes", ValidationCount = 80 }, progress, Stopping);

    private SlcException Throws(string id, Uri address)
    {
        var error = Assert.Throws<SlcException>(() => Open(address));
        Assert.Equal(id, error.ErrorId);
        return error;
    }

    private static void AssertRemedies(SlcException error)
    {
        foreach (var remedy in new[] { "Runes", "-Path", "SLC_DATA", "dataset-runes" })
            Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    private static int?[] RangesOf(LoopbackServer server, string name) =>
        [.. server.Requests.Where(request => request.Name == name).Select(request => request.From)];
}

using System.Net;
using System.Net.Http.Headers;
using LogitSeparation.Core.Formats;
using static System.FormattableString;

namespace LogitSeparation.Core.Data;

/// <summary>
/// Fetches one file whose length and SHA-256 are known. It grows as NAME.partial, which an interrupted download leaves and
/// the next one resumes, and bears its own name only once it is whole and verified. Blocks and reports on the calling thread.
/// </summary>
/// <param name="client">The connection.</param>
/// <param name="stallLimit">How long to wait for an answer or for more data.</param>
internal sealed class FileDownload(HttpClient client, TimeSpan stallLimit)
{
    private const int BufferSize = 1 << 16;
    private const int MaxResumes = 5;
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(200);

    /// <summary>Fetches the file; does nothing where it is there already.</summary>
    /// <param name="address">Where it is published.</param>
    /// <param name="file">What is expected.</param>
    /// <param name="path">Where it goes; its folder exists.</param>
    /// <param name="received">Told the number of bytes that are there, as they grow.</param>
    /// <param name="cancellation">Stops within a moment, leaving the partial file to be resumed.</param>
    /// <exception cref="SlcException">
    /// <c>DownloadFailed</c>, <c>DownloadRefused</c>, <c>DownloadWrongContent</c>, <c>NotWritable</c>, <c>DiskFull</c>.
    /// </exception>
    public void Fetch(Uri address, KnownFile file, string path, Action<long> received, CancellationToken cancellation)
    {
        var partialPath = path + ".partial";
        while (!File.Exists(path))
        {
            using (var partial = OpenPartial(partialPath, cancellation))
            {
                try
                {
                    // Another process may have fetched it while this one waited for the lock.
                    if (!File.Exists(path))
                        FetchVerified(address, file, partial, received, cancellation);
                }
                catch when (partial.Length == 0)
                {
                    // Nothing to resume; the folder is left as it was.
                    partial.Dispose();
                    File.Delete(partialPath);
                    throw;
                }
            }

            Rename(partialPath, path);
        }
    }

    // A file cannot be renamed everywhere while it is open, so for a moment another process can take it, and rename it too.
    private static void Rename(string partialPath, string path)
    {
        try
        {
            if (File.Exists(path))
                File.Delete(partialPath);
            else
                File.Move(partialPath, path);
        }
        catch (IOException failure) when (File.Exists(path) || FileFailure.IsInUse(failure))
        {
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            throw NotWritable(path, failure);
        }
    }

    private void FetchVerified(Uri address, KnownFile file, FileStream partial, Action<long> received, CancellationToken cancellation)
    {
        if (partial.Length > file.Length)
            Restart(partial);

        var isResumed = partial.Length > 0;
        Receive(address, file, partial, received, cancellation);
        if (IsWhole(file, partial, out var found))
            return;

        Restart(partial);
        if (!isResumed)
            throw WrongContent(address, $"its SHA-256 is {found}, and {file.Sha256} was expected");

        // What lay there from before may have been at fault.
        FetchVerified(address, file, partial, received, cancellation);
    }

    private static bool IsWhole(KnownFile file, FileStream partial, out string found)
    {
        Writing(partial.Name, () => partial.Flush(flushToDisk: true));
        partial.Position = 0;
        found = DatasetChecksum.Compute(partial);
        return found == file.Sha256;
    }

    // A connection that breaks is taken up again, as long as each brings something.
    private void Receive(Uri address, KnownFile file, FileStream partial, Action<long> received, CancellationToken cancellation)
    {
        for (var attempt = 0; partial.Length < file.Length; attempt++)
        {
            if (attempt > MaxResumes)
                throw Failed(address, new HttpIOException(HttpRequestError.ResponseEnded));

            var before = partial.Length;
            try
            {
                ReceiveOnce(address, file, partial, received, cancellation);
            }
            catch (SlcException failure) when (failure.ErrorId == "DownloadFailed" && attempt < MaxResumes && partial.Length > before)
            {
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    private void ReceiveOnce(Uri address, KnownFile file, FileStream partial, Action<long> received, CancellationToken cancellation)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (partial.Length > 0)
            request.Headers.Range = new RangeHeaderValue(partial.Length, null);

        stall.CancelAfter(stallLimit);
        using var response = Awaiting(
            address, client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token), cancellation);
        if (!CanAppend(address, file, partial, response))
            return;

        using var content = Awaiting(address, response.Content.ReadAsStreamAsync(stall.Token), cancellation);
        partial.Position = partial.Length;
        var buffer = new byte[BufferSize];
        while (partial.Length < file.Length)
        {
            stall.CancelAfter(stallLimit);
            var room = (int)Math.Min(buffer.Length, file.Length - partial.Length);
            var count = Awaiting(address, content.ReadAsync(buffer.AsMemory(0, room), stall.Token).AsTask(), cancellation);
            if (count == 0)
                throw Failed(address, new HttpIOException(HttpRequestError.ResponseEnded));

            Writing(partial.Name, () => partial.Write(buffer, 0, count));
            received(partial.Length);
        }
    }

    /// <summary>Whether the answer goes on where the partial file ends; false where it must be asked for anew, whole.</summary>
    private static bool CanAppend(Uri address, KnownFile file, FileStream partial, HttpResponseMessage response)
    {
        var headers = response.Content.Headers;
        switch (response.StatusCode)
        {
            case HttpStatusCode.PartialContent when headers.ContentRange?.From == partial.Length:
                return true;

            case HttpStatusCode.OK when headers.ContentLength is { } length && length != file.Length:
                throw WrongContent(address, Invariant($"it has {length} bytes, and {file.Length} were expected"));

            case HttpStatusCode.OK:
                // All of it, whatever was asked for.
                Restart(partial);
                return true;

            case HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable when partial.Length > 0:
                Restart(partial);
                return false;
        }

        throw new SlcException("DownloadRefused", SlcErrorKind.Unavailable,
            Invariant($"The server answered {(int)response.StatusCode} ({response.ReasonPhrase}) for {address}."), address);
    }

    private static void Restart(FileStream partial) => Writing(partial.Name, () => partial.SetLength(0));

    private static FileStream OpenPartial(string path, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                // Unbuffered, so that its length is what was written.
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException failure) when (FileFailure.IsInUse(failure))
            {
                // Another process downloads the same file. Its lock goes when it ends, however it ends.
                cancellation.WaitHandle.WaitOne(LockPoll);
                cancellation.ThrowIfCancellationRequested();
            }
            catch (Exception failure) when (FileFailure.IsFileFailure(failure))
            {
                throw NotWritable(path, failure);
            }
        }
    }

    private static void Writing(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            throw NotWritable(path, failure);
        }
    }

    private static T Awaiting<T>(Uri address, Task<T> answer, CancellationToken cancellation)
    {
        try
        {
            return answer.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
        {
            throw Failed(address, failure);
        }
    }

    private static SlcException NotWritable(string path, Exception failure) => FileFailure.Writing(path, failure,
        $"Name a folder for downloads in the environment variable {DatasetLocations.CacheVariable}.");

    private static SlcException Failed(Uri address, Exception failure) => new("DownloadFailed", SlcErrorKind.Unavailable,
        $"{address} could not be downloaded: {(failure is OperationCanceledException ? "the server does not answer." : failure.Message)}",
        address, failure);

    private static SlcException WrongContent(Uri address, string what) => new("DownloadWrongContent", SlcErrorKind.InvalidData,
        $"{address} gives another file than the one expected: {what}. It was not kept.", address);
}

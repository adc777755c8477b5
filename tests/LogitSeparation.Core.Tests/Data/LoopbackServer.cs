using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LogitSeparation.Core.Tests.Data;

/// <summary>What the server is to say to one request.</summary>
internal sealed record Reply(int Status, byte[] Body)
{
    /// <summary>The headers beside the length.</summary>
    public string Headers { get; init; } = "";

    /// <summary>After how many bytes of the body the connection breaks; null for none.</summary>
    public int? BreakAfter { get; init; }

    /// <summary>After how many bytes of the body the server falls silent; null for none.</summary>
    public int? SilentAfter { get; init; }

    /// <summary>All of a file, or the rest of it where a range is asked for.</summary>
    public static Reply File(byte[] content, int? from) => from is { } start
        ? new Reply(206, content[start..]) { Headers = $"Content-Range: bytes {start}-{content.Length - 1}/{content.Length}\r\n" }
        : new Reply(200, content);
}

/// <summary>An HTTP server on this machine that can misbehave: one request a connection.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, int?, Reply> _answer;
    private readonly Task _accepting;

    /// <param name="answer">From a file's name and the start of the range asked for to the reply.</param>
    public LoopbackServer(Func<string, int?, Reply> answer)
    {
        _answer = answer;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/data/");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>The requests so far: file names and starts of ranges.</summary>
    public ConcurrentQueue<(string Name, int? From)> Requests { get; } = new();

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _accepting.Wait(TimeSpan.FromSeconds(10));
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
                open.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await ServeAsync(client.GetStream());
            }
            catch (Exception failure) when (failure is IOException or OperationCanceledException)
            {
                // The other side went away, or the test is over.
            }
        }
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        var (name, from) = await ReadRequestAsync(stream);
        Requests.Enqueue((name, from));
        var reply = _answer(name, from);
        var head = $"HTTP/1.1 {reply.Status} Reason\r\nConnection: close\r\nContent-Length: {reply.Body.Length}\r\n{reply.Headers}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), _stop.Token);
        await stream.WriteAsync(reply.Body.AsMemory(0, reply.BreakAfter ?? reply.SilentAfter ?? reply.Body.Length), _stop.Token);
        if (reply.SilentAfter is not null)
            await Task.Delay(Timeout.Infinite, _stop.Token);
    }

    private async Task<(string Name, int? From)> ReadRequestAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var first = await reader.ReadLineAsync(_stop.Token) ?? throw new IOException("No request.");
        int? from = null;
        while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
        {
            if (line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
                from = int.Parse(line["Range: bytes=".Length..^1], CultureInfo.InvariantCulture);
        }

        return (first.Split(' ')[1].Split('/')[^1], from);
    }
}

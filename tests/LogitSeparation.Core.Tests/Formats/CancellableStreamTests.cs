using LogitSeparation.Core.Formats;
using Xunit;

namespace LogitSeparation.Core.Tests.Formats;

public sealed class CancellableStreamTests
{
    [Fact]
    public void Work_ends_at_the_next_block()
    {
        using var stop = new CancellationTokenSource();
        using var stream = new CancellableStream(new MemoryStream(new byte[4]), stop.Token);
        stream.Write([1, 2]);
        stream.Position = 0;
        Assert.Equal(1, stream.ReadByte());

        stop.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => stream.ReadByte());
        Assert.ThrowsAny<OperationCanceledException>(() => stream.Write([3]));
        Assert.Equal((1, 4), (stream.Position, stream.Length));
    }
}

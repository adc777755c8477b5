using LogitSeparation.Core.Formats;
using Xunit;

namespace LogitSeparation.Core.Tests.Formats;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_file_is_written_and_replaced_whole()
    {
        AtomicFile.Write(_folder["a"], stream => stream.Write("first, and longer"u8), cancellationToken: TestContext.Current.CancellationToken);
        AtomicFile.Write(_folder["a"], stream => stream.Write("second"u8), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("second", File.ReadAllText(_folder["a"]));
        Assert.Equal([_folder["a"]], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_failure_leaves_the_old_file_and_nothing_else()
    {
        File.WriteAllText(_folder["a"], "old");

        var error = Assert.Throws<SlcException>(() => AtomicFile.Write(_folder["a"], stream =>
        {
            stream.Write("half"u8);
            throw new IOException("No space left on device.");
        }, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(("NotWritable", SlcErrorKind.WriteFailed), (error.ErrorId, error.Kind));
        Assert.Contains(_folder["a"], error.Message, StringComparison.Ordinal);
        Assert.Contains("No space left", error.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(_folder["a"]));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void What_the_writer_throws_of_its_own_comes_through()
    {
        Assert.Throws<OperationCanceledException>(() => AtomicFile.Write(_folder["a"], _ => throw new OperationCanceledException(), cancellationToken: TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        var error = Assert.Throws<SlcException>(() => AtomicFile.Write(Path.Combine(_folder.Path, "none", "a"), _ => { }, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(("NotWritable", SlcErrorKind.WriteFailed), (error.ErrorId, error.Kind));
        Assert.Contains($"'{_folder["none"]}' does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_no_target()
    {
        var error = Assert.Throws<SlcException>(() => AtomicFile.Write(_folder.Path, _ => { }, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(("NotWritable", SlcErrorKind.WriteFailed), (error.ErrorId, error.Kind));
        Assert.Contains("it is a folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_told_from_other_failures_and_leaves_nothing()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here.");

        var error = Assert.Throws<SlcException>(() => AtomicFile.Write(_folder["a"], _ => File.WriteAllBytes("/dev/full", [1]), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(("DiskFull", SlcErrorKind.WriteFailed), (error.ErrorId, error.Kind));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("a\0b", "PathInvalid")]
    [InlineData(" ", "PathEmpty")]
    public void A_text_that_is_no_path_is_an_error(string path, string id)
    {
        var error = Assert.Throws<SlcException>(() => AtomicFile.Write(path, _ => { }, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal((id, SlcErrorKind.InvalidArgument), (error.ErrorId, error.Kind));
        Assert.DoesNotContain('\0', error.Message);
    }

    [Fact]
    public void A_link_stays_one_and_what_it_leads_to_is_written()
    {
        var (real, link, lost) = (_folder["real"], _folder["link"], _folder["lost"]);
        File.WriteAllText(real, "old");
        try
        {
            File.CreateSymbolicLink(link, real);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Assert.Skip("This account may not make links.");
        }

        AtomicFile.Write(link, stream => stream.Write("new"u8), TestContext.Current.CancellationToken);
        Assert.Equal("new", File.ReadAllText(real));
        Assert.Equal(real, File.ResolveLinkTarget(link, returnFinalTarget: true)!.FullName);

        // One that leads nowhere yet leads to the new file.
        File.CreateSymbolicLink(lost, _folder["later"]);
        AtomicFile.Write(lost, stream => stream.Write("new"u8), TestContext.Current.CancellationToken);
        Assert.Equal("new", File.ReadAllText(_folder["later"]));
    }

    [Fact]
    public void A_device_is_not_replaced()
    {
        Assert.SkipUnless(File.Exists("/dev/null"), "There is no /dev/null here.");
        var error = Assert.Throws<SlcException>(() => AtomicFile.Write("/dev/null", _ => { }, TestContext.Current.CancellationToken));
        Assert.Equal("NotWritable", error.ErrorId);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_an_error()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "There is no /proc, which nobody may write to, on this system.");

        Assert.Equal("NotWritable", Assert.Throws<SlcException>(() => AtomicFile.Write("/proc/self/a", _ => { }, cancellationToken: TestContext.Current.CancellationToken)).ErrorId);
    }

    public void Dispose() => _folder.Dispose();
}

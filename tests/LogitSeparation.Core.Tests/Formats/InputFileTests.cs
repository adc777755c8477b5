using LogitSeparation.Core.Formats;
using Xunit;

namespace LogitSeparation.Core.Tests.Formats;

public sealed class InputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Every format: the same failure has the same error.</summary>
    public static TheoryData<string> Formats => [.. Readers.Keys];

    private static Dictionary<string, Action<string>> Readers { get; } = new()
    {
        ["file"] = path => InputFile.Open(path).Dispose(),
        ["idx"] = path => IdxFile.Read(path),
        ["npz"] = path => NpzArchive.Open(path).Dispose(),
        ["safetensors"] = path => SafeTensorsFile.Read(path),
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_file_that_is_not_there_and_a_folder_are_not_found(string format)
    {
        foreach (var path in new[] { _folder["none"], Path.Combine(_folder["none"], "none"), _folder.Path })
            AssertError(format, path, "FileNotFound", SlcErrorKind.NotFound);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_file_that_cannot_be_read_is_an_error(string format)
    {
        var path = _folder.Write("held", "content"u8);
        using var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        AssertError(format, path, "FileUnreadable", SlcErrorKind.Unavailable);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_text_that_is_no_path_is_an_error(string format)
    {
        AssertError(format, "a\0b", "PathInvalid", SlcErrorKind.InvalidArgument, named: "a\u2400b");
        AssertError(format, " ", "PathEmpty", SlcErrorKind.InvalidArgument);
    }

    private static void AssertError(string format, string path, string id, SlcErrorKind kind, string? named = null)
    {
        var error = Assert.Throws<SlcException>(() => Readers[format](path));
        Assert.Equal((id, kind), (error.ErrorId, error.Kind));
        Assert.Contains(named ?? path, error.Message, StringComparison.Ordinal);
    }
}

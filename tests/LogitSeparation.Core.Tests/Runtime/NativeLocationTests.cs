using LogitSeparation.Core.Runtime;
using Xunit;

namespace LogitSeparation.Core.Tests.Runtime;

/// <summary>Where the native libraries are looked for, and what is said when they are not there or damaged.</summary>
public sealed class NativeLocationTests : IDisposable
{
    private static readonly NativePlatform Platform = NativeLibraries.Find(NativeLibraries.CurrentRid, "cpu")!;

    private readonly string _folder = Directory.CreateTempSubdirectory("slc-location-").FullName;

    private string Native => Path.Combine(_folder, "native");

    private string Pointer => Path.Combine(_folder, NativeLocation.PointerName);

    private string Own => Path.Combine(_folder, "own");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_folder_beside_the_core_goes_before_the_pointer()
    {
        Directory.CreateDirectory(Native);
        File.WriteAllText(Pointer, _folder);
        Assert.Equal(new NativeLocation(Native, Native, IsForeign: false), NativeLocation.Find(_folder, "  "));
    }

    [Fact]
    public void SLC_LIBTORCH_replaces_libtorch_but_not_the_binding()
    {
        File.WriteAllText(Pointer, _folder + "\n");
        var lib = MakeOwn("lib");
        Assert.Equal(new NativeLocation(lib, _folder, IsForeign: true), NativeLocation.Find(_folder, Own));
        Assert.Equal(new NativeLocation(lib, _folder, IsForeign: true), NativeLocation.Find(_folder, lib));
    }

    [Fact]
    public void Without_folder_and_pointer_the_message_names_both() =>
        AssertFails("NativeRuntimeMissing", null, Native, Pointer, "dotnet build");

    [Fact]
    public void A_pointer_to_a_folder_that_is_gone_is_named_with_it()
    {
        File.WriteAllText(Pointer, Native);
        AssertFails("NativeRuntimeMissing", null, Native, Pointer, "dotnet build");
    }

    [Theory]
    [InlineData("")]
    [InlineData("relative/folder")]
    [InlineData("/two\n/lines")]
    public void A_pointer_that_holds_no_path_is_named(string content)
    {
        File.WriteAllText(Pointer, content);
        AssertFails("NativeRuntimeBroken", null, Pointer, "one absolute path");
    }

    [Fact]
    public void SLC_LIBTORCH_without_a_libtorch_is_an_error()
    {
        File.WriteAllText(Pointer, _folder);
        AssertFails("NativeRuntimeMissing", Own, NativeLocation.Variable, Own, Platform.MarkerName, NativeLibraries.LibTorchVersion);
    }

    [Theory]
    [InlineData("build-version", "2.4.1+cu121")]
    [InlineData("version.py", "from typing import Optional\n__version__ = '2.4.1+cpu'\n")]
    public void SLC_LIBTORCH_of_another_version_is_an_error(string file, string text)
    {
        File.WriteAllText(Pointer, _folder);
        MakeOwn("lib");
        File.WriteAllText(Path.Combine(Own, file), text);
        AssertFails("NativeRuntimeBroken", Own, "2.4.1", NativeLibraries.LibTorchVersion);
    }

    [Fact]
    public void SLC_LIBTORCH_whose_version_cannot_be_read_is_an_error()
    {
        File.WriteAllText(Pointer, _folder);
        MakeOwn("lib");
        var path = Path.Combine(Own, "build-version");
        using var held = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        AssertFails("NativeRuntimeBroken", Own, path, NativeLocation.Variable);
    }

    [Fact]
    public void SLC_LIBTORCH_that_is_no_path_is_an_error()
    {
        File.WriteAllText(Pointer, _folder);
        Assert.Equal("PathInvalid", Assert.Throws<SlcException>(() => NativeLocation.Find(_folder, "a\0b")).ErrorId);
    }

    [Theory]
    [InlineData("2.10.0+cpu")]
    [InlineData("2.10.3\n")]
    [InlineData("unknown")]
    public void SLC_LIBTORCH_of_the_same_minor_version_or_of_none_is_taken(string text)
    {
        File.WriteAllText(Pointer, _folder);
        MakeOwn("lib");
        File.WriteAllText(Path.Combine(Own, "build-version"), text);
        Assert.True(NativeLocation.Find(_folder, Own).IsForeign);
    }

    [Fact]
    public void A_missing_library_is_named()
    {
        Link(except: Platform.MarkerName);
        AssertCheckFails("NativeRuntimeMissing", Platform.MarkerName, "is missing", "dotnet build");
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_named_with_its_target()
    {
        Link(except: Platform.MarkerName);
        File.CreateSymbolicLink(Path.Combine(_folder, Platform.MarkerName), Native);
        AssertCheckFails("NativeRuntimeMissing", Platform.MarkerName, "is missing", Native);
    }

    [Theory]
    [InlineData(0, "it is empty")]
    [InlineData(40, "incomplete")]
    [InlineData(100_000, "cut off: 100000 bytes")]
    public void A_truncated_library_is_named(int length, string expected)
    {
        Link(except: Platform.MarkerName);
        using (var file = File.OpenRead(Path.Combine(FreshProcess.Staged, Platform.MarkerName)))
        {
            var bytes = new byte[length];
            file.ReadExactly(bytes);
            File.WriteAllBytes(Path.Combine(_folder, Platform.MarkerName), bytes);
        }

        AssertCheckFails("NativeRuntimeBroken", Platform.MarkerName, "damaged", expected);
    }

    [Fact]
    public void A_foreign_libtorch_may_lack_what_it_has_under_other_names()
    {
        var support = Platform.Files.First(file => file.Role == NativeRole.Support).Name;
        Link(except: support);
        var files = NativeLoader.Check(Platform, new NativeLocation(_folder, _folder, IsForeign: true));
        Assert.Equal(Platform.Files.Where(file => file.Name != support), files.Select(entry => entry.File));
        AssertCheckFails("NativeRuntimeMissing", support);
    }

    private string MakeOwn(string inner)
    {
        var lib = Directory.CreateDirectory(Path.Combine(Own, inner)).FullName;
        File.WriteAllText(Path.Combine(lib, Platform.MarkerName), "");
        return lib;
    }

    private void Link(string except)
    {
        foreach (var file in Platform.Files.Where(file => file.Name != except))
            File.CreateSymbolicLink(Path.Combine(_folder, file.Name), Path.Combine(FreshProcess.Staged, file.Name));
    }

    private void AssertFails(string errorId, string? libTorch, params string[] expected) =>
        AssertSays(Assert.Throws<SlcException>(() => NativeLocation.Find(_folder, libTorch)), errorId, expected);

    private void AssertCheckFails(string errorId, string name, params string[] expected)
    {
        var location = new NativeLocation(_folder, _folder, IsForeign: false);
        var error = Assert.Throws<SlcException>(() => NativeLoader.Check(Platform, location));
        AssertSays(error, errorId, [.. expected, Path.Combine(_folder, name)]);
    }

    private static void AssertSays(SlcException error, string errorId, string[] expected)
    {
        Assert.Equal((errorId, SlcErrorKind.Unavailable), (error.ErrorId, error.Kind));
        Assert.All(expected, text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
    }
}

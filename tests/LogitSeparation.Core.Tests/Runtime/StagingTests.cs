using LogitSeparation.Core.Runtime;
using LogitSeparation.Natives;
using Xunit;

namespace LogitSeparation.Core.Tests.Runtime;

public sealed class StagingTests : IDisposable
{
    private static readonly NativePlatform Platform = NativeLibraries.Find(NativeLibraries.CurrentRid, "cpu")!;

    private readonly string _folder = Directory.CreateTempSubdirectory("slc-staging-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_stages_the_files_of_the_table_and_nothing_else()
    {
        File.WriteAllText(Path.Combine(_folder, "left-over.so"), "");
        Stage(Sources());
        Assert.Equal(
            Platform.Files.Select(file => file.Name).Append("staged.txt").Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(_folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.All(Platform.Files, file => Assert.Null(NativeImage.FindDamage(Path.Combine(_folder, file.Name))));
    }

    [Fact]
    public void On_Unix_all_but_the_binding_are_links_to_the_packages()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has hard links here");
        var sources = Sources();
        Stage(sources);
        foreach (var file in Platform.Files)
        {
            var expected = file.Role == NativeRole.Binding ? null : sources.Single(source => Path.GetFileName(source) == file.Name);
            Assert.Equal(expected, new FileInfo(Path.Combine(_folder, file.Name)).LinkTarget);
        }
    }

    [Fact]
    public void A_second_time_everything_is_left_alone()
    {
        Stage(Sources());
        var before = Times();
        Assert.All(Stage(Sources()), line => Assert.EndsWith("unchanged", line, StringComparison.Ordinal));
        Assert.Equal(before, Times());
    }

    [Fact]
    public void A_damaged_copy_and_a_wrong_link_are_replaced()
    {
        Stage(Sources());
        File.WriteAllText(Path.Combine(_folder, Platform.Binding.Name), "cut");
        File.Delete(Path.Combine(_folder, Platform.MarkerName));
        File.WriteAllText(Path.Combine(_folder, Platform.MarkerName), "cut");
        Stage(Sources());
        Assert.All(Platform.Files, file => Assert.Null(NativeImage.FindDamage(Path.Combine(_folder, file.Name))));
    }

    [Fact]
    public void A_file_that_the_packages_lack_is_named()
    {
        var sources = Sources().Where(source => Path.GetFileName(source) != Platform.MarkerName);
        var error = Assert.Throws<InvalidDataException>(() => Stage(sources));
        Assert.Contains($"'{Platform.MarkerName}'", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "staged.txt")));
    }

    [Fact]
    public void A_damaged_file_of_a_package_is_named()
    {
        var cut = Path.Combine(_folder, "package", Platform.MarkerName);
        Directory.CreateDirectory(Path.GetDirectoryName(cut)!);
        File.WriteAllBytes(cut, SmallElf.Build()[..^1]);
        var error = Assert.Throws<InvalidDataException>(() => Stage(
            Sources().Where(source => Path.GetFileName(source) != Platform.MarkerName).Append(cut)));
        Assert.Contains(cut, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_build_staged_for_Linux_is_the_mended_library()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only the library for Linux is mended");
        var mended = File.ReadAllBytes(NuGetCache.RequireBinding(Platform.Rid, Platform.Binding.Name));
        Assert.Equal(ElfMendResult.Weakened, ElfMend.WeakenVersion(mended, ElfMend.UnusedVersion));
        Assert.Equal(mended, File.ReadAllBytes(Path.Combine(FreshProcess.Staged, Platform.Binding.Name)));
    }

    private IReadOnlyList<string> Stage(IEnumerable<string> sources) =>
        Staging.Stage(Platform.Rid, Platform.Backend, sources, _folder);

    private List<DateTime> Times() =>
        [.. Platform.Files.Select(file => new FileInfo(Path.Combine(_folder, file.Name)).LastWriteTimeUtc)];

    private static List<string> Sources()
    {
        var package = NuGetCache.Require($"libtorch-cpu-{Platform.Rid}", NativeLibraries.LibTorchVersion);
        var folder = Path.Combine(package, "runtimes", Platform.Rid, "native");
        return [.. Directory.EnumerateFiles(folder), NuGetCache.RequireBinding(Platform.Rid, Platform.Binding.Name)];
    }
}

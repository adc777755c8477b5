using LogitSeparation.Core.Runtime;
using Xunit;

namespace LogitSeparation.Core.Tests.Runtime;

/// <summary>Holds the table of native libraries against the packages' file lists (native-packages/README.md).</summary>
public sealed class NativeLibrariesTests
{
    private const string Binding = "torchsharp";

    // Python bindings, what only they need, test libraries, experimental back ends, and the stub of OpenMP.
    private static readonly string[] NotNeeded =
    [
        "libtorch_python", "libshm", "torch_global_deps", "libtorch_global_deps", "libiompstubs5md",
        "libaoti_custom_ops", "libbackend_with_compiler", "libnnapi_backend",
        "libjitbackend_test", "libtorchbind_test", "libc10d_cuda_test",
    ];

    public static TheoryData<string, string> Packages => new()
    {
        { "linux-x64-cpu", "libtorch-cpu-linux-x64" },
        { "linux-x64-cuda", "libtorch-cuda-12.8-linux-x64" },
        { "win-x64-cpu", "libtorch-cpu-win-x64" },
        { "win-x64-cuda", "libtorch-cuda-12.8-win-x64" },
        { "win-arm64-cpu", "libtorch-cpu-win-arm64" },
        { "osx-arm64-cpu", "libtorch-cpu-osx-arm64" },
    };

    [Fact]
    public void Every_platform_of_the_table_has_a_list() =>
        Assert.Equal(
            NativeLibraries.Platforms.Select(platform => platform.ToString()).Order(),
            Packages.Select(row => row.Data.Item1).Order());

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_table_has_what_the_package_has_less_what_is_not_needed(string platform, string package)
    {
        var table = Find(platform);
        var expected = ReadList(package, table.Rid)
            .Where(name => !NotNeeded.Contains(name.Split('.')[0]))
            .Append(Assert.Single(ReadList(Binding, table.Rid)));
        Assert.Equal(expected.Order(StringComparer.Ordinal), table.Files.Select(file => file.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_binding_is_the_last_and_the_only_one_of_its_package(string platform, string package)
    {
        var table = Find(platform);
        Assert.DoesNotContain(table.Binding.Name, ReadList(package, table.Rid));
        Assert.Equal([table.Binding], table.Files.Where(file => file.Role == NativeRole.Binding));
        Assert.Equal(ReadList(Binding, table.Rid), [table.Binding.Name]);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_marker_is_a_part_of_libtorch(string platform, string package)
    {
        var table = Find(platform);
        Assert.Contains(new NativeFile(table.MarkerName, NativeRole.Torch), table.Files);
        Assert.Contains(table.MarkerName, ReadList(package, table.Rid));
    }

    [Fact]
    public void What_a_library_imports_is_loaded_before_it()
    {
        foreach (var table in NativeLibraries.Platforms)
        {
            var loaded = table.Files.Where(file => file.Role != NativeRole.Beside).Select(file => file.Name).ToList();
            var imports = ReadLines("imports").Select(line => line.Split([" ", ": "], StringSplitOptions.None)).ToList();
            foreach (var words in imports.Where(words => words[0] == table.Rid))
            {
                foreach (var import in words.Skip(2))
                    Assert.InRange(loaded.IndexOf(import), 0, loaded.IndexOf(words[1]) - 1);
            }
        }
    }

    [Theory]
    [InlineData("libtorch-cpu-linux-x64", NativeLibraries.LibTorchVersion)]
    [InlineData("libtorch-cpu-win-x64", NativeLibraries.LibTorchVersion)]
    [InlineData("libtorch-cpu-win-arm64", NativeLibraries.LibTorchVersion)]
    [InlineData("libtorch-cpu-osx-arm64", NativeLibraries.LibTorchVersion)]
    [InlineData(Binding, "0.107.0")]
    public void The_list_is_that_of_the_package(string package, string version)
    {
        var folder = NuGetCache.Require(package, version);
        var actual = Directory.EnumerateFiles(Path.Combine(folder, "runtimes"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'));
        Assert.Equal(ReadLines(package).Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("linux-arm64", "cpu")]
    [InlineData("win-arm64", "cuda")]
    [InlineData("osx-arm64", "cuda")]
    public void There_is_no_libtorch_for_other_platforms(string rid, string backend) =>
        Assert.Null(NativeLibraries.Find(rid, backend));

    private static NativePlatform Find(string platform) =>
        Assert.Single(NativeLibraries.Platforms, candidate => candidate.ToString() == platform);

    private static List<string> ReadList(string package, string rid)
    {
        var folder = $"runtimes/{rid}/native/";
        return [.. ReadLines(package).Where(line => line.StartsWith(folder, StringComparison.Ordinal)).Select(line => line[folder.Length..])];
    }

    private static string[] ReadLines(string name) =>
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "native-packages", name + ".txt"));
}

using LogitSeparation.Core.Runtime;
using Xunit;

namespace LogitSeparation.Core.Tests.Runtime;

/// <summary>Loads the native libraries from other folders than the build's own, each time in a process of its own.</summary>
public sealed class NativeFolderTests
{
    private static readonly NativePlatform Platform = NativeLibraries.Find(NativeLibraries.CurrentRid, "cpu")!;

    [Fact]
    public void A_folder_beside_the_core_is_used()
    {
        using var process = new FreshProcess();
        process.LinkNatives();
        AssertSucceeds(Compute(process));
    }

    [Fact]
    public void The_pointer_is_used_where_there_is_no_folder_by_many_threads_at_once()
    {
        using var process = new FreshProcess();
        File.WriteAllText(process.Pointer, FreshProcess.Staged + "\r\n");
        AssertSucceeds(process.Run(typeof(TorchRuntimeTests), nameof(TorchRuntimeTests.Many_threads_may_ask_at_once)));
    }

    [Fact]
    public void A_failure_is_not_for_ever()
    {
        using var process = new FreshProcess();
        process.LinkNatives();
        process.Truncate(Platform.Binding.Name, 100_000);
        AssertSucceeds(process.Run(
            typeof(FreshProcessTests), nameof(FreshProcessTests.Fails_then_computes_once_mended),
            (FreshProcessTests.StagedVariable, FreshProcess.Staged)));
    }

    [Fact]
    public void A_truncated_library_is_an_error_and_not_the_end_of_the_process()
    {
        using var process = new FreshProcess();
        process.LinkNatives();
        process.Truncate(Platform.MarkerName, 50_000_000);
        AssertFails(Compute(process), Path.Combine(process.Native, Platform.MarkerName), "cut off: 50000000 bytes");
    }

    [Fact]
    public void A_library_that_the_system_refuses_is_an_error_without_a_page_of_trace()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the library made here is one of Linux");
        using var process = new FreshProcess();
        process.LinkNatives();
        var path = Path.Combine(process.Native, Platform.Binding.Name);
        File.Delete(path);
        File.WriteAllBytes(path, SmallElf.Build());
        AssertFails(Compute(process), path, "could not be loaded");
    }

    [Fact]
    public void A_library_that_asks_for_a_newer_system_says_so()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only the library for Linux asks for a version of libstdc++");
        using var process = new FreshProcess();
        process.LinkNatives();
        var path = Path.Combine(process.Native, Platform.Binding.Name);
        var library = File.ReadAllBytes(path);
        AskForNewer(library);
        File.Delete(path);
        File.WriteAllBytes(path, library);
        AssertFails(Compute(process), path, "C++ runtime is too old", "GLIBCXX_9.4.21");
    }

    [Theory]
    [InlineData("")]
    [InlineData("lib")]
    public void SLC_LIBTORCH_names_the_folder_or_its_parent(string inner)
    {
        var package = NuGetCache.Require($"libtorch-cpu-{Platform.Rid}", NativeLibraries.LibTorchVersion);
        using var process = new FreshProcess();
        File.WriteAllText(process.Pointer, FreshProcess.Staged);
        var folder = Directory.CreateDirectory(Path.Combine(process.Native + "-own", inner)).FullName;
        foreach (var path in Directory.EnumerateFiles(Path.Combine(package, "runtimes", Platform.Rid, "native")))
            File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(path)), path);
        AssertSucceeds(Compute(process, (NativeLocation.Variable, process.Native + "-own")));
    }

    // The version keeps its length in the string table, and its hash (of System V) in the table of needs.
    private static void AskForNewer(byte[] library)
    {
        var name = library.AsSpan().IndexOf("GLIBCXX_3.4.21\0"u8);
        BitConverter.GetBytes(Hash("GLIBCXX_9.4.21")).CopyTo(library, library.AsSpan().IndexOf(BitConverter.GetBytes(Hash("GLIBCXX_3.4.21"))));
        library[name + "GLIBCXX_".Length] = (byte)'9';
    }

    private static uint Hash(string name)
    {
        uint hash = 0;
        foreach (var letter in name)
        {
            hash = (hash << 4) + letter;
            hash = (hash ^ ((hash & 0xf0000000) >> 24)) & 0x0fffffff;
        }

        return hash;
    }

    private static (int ExitCode, string Output) Compute(FreshProcess process, params (string, string?)[] environment) =>
        process.Run(typeof(TorchRuntimeTests), nameof(TorchRuntimeTests.Tensors_compute_once_it_is_loaded), environment);

    private static void AssertSucceeds((int ExitCode, string Output) result)
    {
        Assert.True(result.ExitCode == 0, result.Output);
        Assert.Contains("succeeded: 1", result.Output, StringComparison.Ordinal);
    }

    // Exit code 2 is "a test failed": the process came to its end by itself.
    private static void AssertFails((int ExitCode, string Output) result, params string[] expected)
    {
        Assert.True(result.ExitCode == 2, $"exit code {result.ExitCode}: {result.Output}");
        Assert.Contains(typeof(SlcException).FullName!, result.Output, StringComparison.Ordinal);
        Assert.All(expected, text => Assert.Contains(text, result.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("LoadNativeBackend", result.Output, StringComparison.Ordinal);
    }
}

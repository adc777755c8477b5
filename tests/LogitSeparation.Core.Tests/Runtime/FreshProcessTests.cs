using LogitSeparation.Core.Runtime;
using Xunit;

namespace LogitSeparation.Core.Tests.Runtime;

/// <summary>What <see cref="NativeFolderTests"/> runs in a process of its own, with a damaged library; not run by itself.</summary>
public sealed class FreshProcessTests
{
    /// <summary>The environment variable with the folder that the build staged.</summary>
    public const string StagedVariable = "SLC_TEST_STAGED";

    [Fact(Explicit = true)]
    public void Fails_then_computes_once_mended()
    {
        var binding = Path.Combine(AppContext.BaseDirectory, "native", NativeLibraries.Find(NativeLibraries.CurrentRid, "cpu")!.Binding.Name);
        Assert.Equal("NativeRuntimeBroken", Assert.Throws<SlcException>(TorchRuntime.EnsureLoaded).ErrorId);
        Assert.Equal("NativeRuntimeBroken", Assert.Throws<SlcException>(TorchRuntime.EnsureLoaded).ErrorId);
        File.Copy(Path.Combine(Environment.GetEnvironmentVariable(StagedVariable)!, Path.GetFileName(binding)), binding, overwrite: true);
        new TorchRuntimeTests().Tensors_compute_once_it_is_loaded();
    }
}

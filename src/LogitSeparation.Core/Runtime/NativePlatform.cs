namespace LogitSeparation.Core.Runtime;

/// <summary>The native libraries of one platform and backend.</summary>
/// <param name="Rid">The runtime identifier as NuGet packages have it, e.g. <c>linux-x64</c>.</param>
/// <param name="Backend"><c>cpu</c> or <c>cuda</c>.</param>
/// <param name="Files">The libraries in the order in which they are loaded, dependencies first.</param>
internal sealed record NativePlatform(string Rid, string Backend, IReadOnlyList<NativeFile> Files)
{
    /// <summary>The library whose presence tells this backend from the other of the same platform.</summary>
    public string MarkerName => Rid switch
    {
        "linux-x64" => $"libtorch_{Backend}.so",
        "osx-arm64" => $"libtorch_{Backend}.dylib",
        _ => $"torch_{Backend}.dll",
    };

    /// <summary>The library of TorchSharp, which comes from another package than the rest.</summary>
    public NativeFile Binding => Files[^1];

    /// <inheritdoc/>
    public override string ToString() => $"{Rid}-{Backend}";
}

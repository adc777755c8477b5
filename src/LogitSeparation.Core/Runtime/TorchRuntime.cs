namespace LogitSeparation.Core.Runtime;

/// <summary>Loads libtorch when it is first needed.</summary>
internal static class TorchRuntime
{
    /// <summary>Makes sure that libtorch is loaded; every entry into code that uses tensors calls this first.</summary>
    /// <exception cref="SlcException"><c>NativeRuntimeMissing</c>: what is missing and what to install.</exception>
    public static void EnsureLoaded() => throw new NotSupportedException();
}

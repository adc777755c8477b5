namespace LogitSeparation.Core.Runtime;

/// <summary>The two ways in which the native runtime fails.</summary>
internal static class NativeRuntimeError
{
    /// <summary>A library, folder or platform that is not there.</summary>
    /// <param name="message">What is missing and what to install.</param>
    /// <param name="target">The path.</param>
    public static SlcException Missing(string message, object? target) =>
        new("NativeRuntimeMissing", SlcErrorKind.Unavailable, message, target);

    /// <summary>A library that is there and cannot be used.</summary>
    /// <param name="message">What is wrong with it and what to do.</param>
    /// <param name="target">The path.</param>
    /// <param name="cause">What the system reported.</param>
    public static SlcException Broken(string message, object? target, Exception? cause = null) =>
        new("NativeRuntimeBroken", SlcErrorKind.Unavailable, message, target, cause);
}

namespace LogitSeparation.Core.Runtime;

/// <summary>One native library of a platform.</summary>
/// <param name="Name">Its file name.</param>
/// <param name="Role">What is done with it.</param>
internal sealed record NativeFile(string Name, NativeRole Role);

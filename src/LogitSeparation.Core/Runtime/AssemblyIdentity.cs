namespace LogitSeparation.Core.Runtime;

/// <summary>
/// Which code of a user's own a network comes from. No path: a model or a trial that came from elsewhere must not decide which file is
/// run on this machine. The file is named by whoever runs it, and known by its checksum.
/// </summary>
/// <param name="Name">The name of the file, for messages.</param>
/// <param name="Checksum">The SHA-256 of the file, in lower-case hexadecimal.</param>
public sealed record AssemblyIdentity(string Name, string Checksum);

using System.Collections.Concurrent;
using System.Reflection;
using System.Security.Cryptography;
using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Runtime;

/// <summary>A user's own compiled code. It is run only where its file was named in this process.</summary>
public static class UserAssembly
{
    private const long LargestFile = 1 << 30;

    private static readonly ConcurrentDictionary<string, (Assembly Assembly, byte[] Content)> Loaded = new(StringComparer.Ordinal);

    /// <summary>Loads an assembly, once for each content.</summary>
    /// <param name="path">The file.</param>
    /// <returns>What it is known by from now on.</returns>
    /// <exception cref="SlcException"><c>FileNotFound</c>, <c>FileUnreadable</c>, <c>AssemblyInvalid</c>.</exception>
    public static AssemblyIdentity Load(string path)
    {
        var full = LocalPath.Resolve(path);
        var bytes = Read(full);
        var identity = new AssemblyIdentity(Path.GetFileName(full), Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant());
        try
        {
            Loaded.GetOrAdd(identity.Checksum, _ => (new UserContext(full).LoadFromStream(new MemoryStream(bytes)), bytes));
            return identity;
        }
        catch (Exception failure) when (failure is BadImageFormatException or FileLoadException)
        {
            throw Invalid(path, failure.Message, failure);
        }
    }

    /// <summary>The bytes of an assembly that was loaded.</summary>
    /// <exception cref="SlcException"><c>AssemblyNotLoaded</c>.</exception>
    internal static byte[] Content(AssemblyIdentity identity) => Find(identity).Content;

    /// <summary>The public types that can be made and are of a kind.</summary>
    /// <param name="identity">The assembly.</param>
    /// <param name="kind">What they must derive from.</param>
    /// <exception cref="SlcException"><c>AssemblyNotLoaded</c>, <c>AssemblyInvalid</c>.</exception>
    internal static Type[] Types(AssemblyIdentity identity, Type kind)
    {
        try
        {
            return [.. Find(identity).Assembly.GetExportedTypes()
                .Where(type => !type.IsAbstract && !type.ContainsGenericParameters && kind.IsAssignableFrom(type))];
        }
        catch (Exception failure) when (failure is ReflectionTypeLoadException or FileNotFoundException or FileLoadException or TypeLoadException)
        {
            var cause = (failure as ReflectionTypeLoadException)?.LoaderExceptions.FirstOrDefault(inner => inner is not null) ?? failure;
            throw Invalid(identity.Name, cause.Message, failure);
        }
    }

    /// <summary>The public type of that name that can be made and is of a kind; the only one where no name is asked for.</summary>
    /// <param name="identity">The assembly.</param>
    /// <param name="name">The type's name, with or without namespace, whatever its case; null for the only one.</param>
    /// <param name="kind">What it must derive from.</param>
    /// <param name="kindName">That, for messages.</param>
    /// <exception cref="SlcException"><c>AssemblyNotLoaded</c>, <c>AssemblyInvalid</c>, <c>UnknownNetwork</c>.</exception>
    internal static Type FindType(AssemblyIdentity identity, string? name, Type kind, string kindName)
    {
        var types = Types(identity, kind);
        if (name is null && types.Length == 1)
            return types[0];
        var found = types.Where(type => type.FullName == name || type.Name == name).Concat(types.Where(type =>
            type.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || type.FullName!.Equals(name, StringComparison.OrdinalIgnoreCase)));
        return found.FirstOrDefault() ?? throw Unknown(identity, name, types, kind, kindName);
    }

    private static SlcException Unknown(AssemblyIdentity identity, string? name, Type[] types, Type kind, string kindName)
    {
        var names = string.Join(", ", types.Select(type => type.Name));
        var version = kind.Assembly.GetName().Version!.ToString(3);
        var message = types.Length == 0
            ? $"'{identity.Name}' has no public class that derives from {kindName} of TorchSharp {version}. Give it one."
            : name is null ? $"'{identity.Name}' has several networks. Say which with -Network: {names}."
            : $"'{identity.Name}' has no network '{name}'.{NearestName.Suggest(name, types.Select(type => type.Name))} It has {names}.";
        return new("UnknownNetwork", SlcErrorKind.NotFound, message, name ?? identity.Name);
    }

    private static (Assembly Assembly, byte[] Content) Find(AssemblyIdentity identity) =>
        Loaded.TryGetValue(identity.Checksum, out var found) ? found : throw new SlcException("AssemblyNotLoaded", SlcErrorKind.NotFound,
            $"The network comes from '{identity.Name}' (SHA-256 {identity.Checksum}), which this process has not been told to run. " +
            "If you trust it, name the file with -AssemblyPath, in the command that reads the model or goes on with the training.", identity.Name);

    private static byte[] Read(string path)
    {
        using var stream = InputFile.Open(path);
        if (stream.Length > LargestFile)
            throw Invalid(path, "it is too large for one", null);
        var bytes = new byte[stream.Length];
        try
        {
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            throw FileFailure.Reading(path, failure);
        }
    }

    private static SlcException Invalid(string path, string what, Exception? cause) => new("AssemblyInvalid", SlcErrorKind.InvalidData,
        $"'{path}' cannot be used as an assembly: {what.TrimEnd('.')}. Build it for .NET {Environment.Version.Major} or older, with the same " +
        "TorchSharp as this module's.", path, cause);
}

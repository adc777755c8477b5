using LogitSeparation.Core.Runtime;

namespace LogitSeparation.Natives;

/// <summary>
/// Brings a platform's native libraries together in one folder, once for the whole build: links to the packages' files,
/// and a mended copy of TorchSharp's library. What is there already is left alone, so a library in use is not touched.
/// </summary>
public static class Staging
{
    private const string Stamp = "staged.txt";

    /// <summary>Stages the libraries.</summary>
    /// <param name="rid">The platform, e.g. <c>linux-x64</c>.</param>
    /// <param name="backend"><c>cpu</c> or <c>cuda</c>.</param>
    /// <param name="sources">The full paths of the packages' files.</param>
    /// <param name="folder">Where to; created if need be.</param>
    /// <returns>What was done, a line for each file.</returns>
    /// <exception cref="InvalidDataException">A file is missing from the packages, or damaged.</exception>
    public static IReadOnlyList<string> Stage(string rid, string backend, IEnumerable<string> sources, string folder)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var platform = NativeLibraries.Find(rid, backend)
            ?? throw new InvalidDataException($"There is no libtorch for '{rid}' with backend '{backend}'.");
        var byName = sources.Where(source => source.Length > 0).ToLookup(source => Path.GetFileName(source), StringComparer.Ordinal);
        Directory.CreateDirectory(folder);
        var report = new List<string>();
        foreach (var file in platform.Files)
        {
            var source = byName[file.Name].FirstOrDefault()
                ?? throw new InvalidDataException($"The packages for {platform} do not contain '{file.Name}'.");
            report.Add($"{file.Name}: {StageFile(file, Path.GetFullPath(source), Path.Combine(folder, file.Name))}");
        }

        RemoveOthers(platform, folder);
        File.WriteAllLines(Path.Combine(folder, Stamp), report);
        return report;
    }

    private static string StageFile(NativeFile file, string source, string target)
    {
        if (NativeImage.FindDamage(source) is { } damage)
            throw new InvalidDataException($"'{source}' is damaged: {damage}. Delete its package folder and restore again.");
        if (file.Role == NativeRole.Binding)
            return StageBinding(source, target);
        if (FileLink.IsCurrent(source, target))
            return "unchanged";
        FileLink.Create(source, target);
        return $"linked to {source}";
    }

    // A copy on every system, as its run path is the folder that it lies in, and libtorch has to be there too.
    private static string StageBinding(string source, string target)
    {
        var bytes = File.ReadAllBytes(source);
        var note = "copied";
        if (Path.GetExtension(source) == ".so")
            note += Describe(ElfMend.WeakenVersion(bytes, ElfMend.UnusedVersion));
        if (File.Exists(target) && File.ReadAllBytes(target).AsSpan().SequenceEqual(bytes))
            return note + ", unchanged";
        var fresh = FileLink.Fresh(target);
        File.WriteAllBytes(fresh, bytes);
        File.Move(fresh, target, overwrite: true);
        return note;
    }

    private static string Describe(ElfMendResult result) => result switch
    {
        ElfMendResult.Weakened => $", {ElfMend.UnusedVersion} marked as weak (nothing refers to it)",
        ElfMendResult.InUse => $", left as it is: relocations refer to {ElfMend.UnusedVersion}, which the system has to provide",
        ElfMendResult.AlreadyWeak => $", {ElfMend.UnusedVersion} is weak already",
        _ => $", does not ask for {ElfMend.UnusedVersion}",
    };

    private static void RemoveOthers(NativePlatform platform, string folder)
    {
        var wanted = platform.Files.Select(file => file.Name).Append(Stamp).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder).Where(path => !wanted.Contains(Path.GetFileName(path))))
            File.Delete(path);
    }
}

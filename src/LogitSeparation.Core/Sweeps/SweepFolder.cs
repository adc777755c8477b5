using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Sweeps;

/// <summary>A folder of trials.</summary>
/// <param name="path">The folder, in full.</param>
internal sealed class SweepFolder(string path)
{
    /// <summary>The file that asks all who run trials of the sweep to stop.</summary>
    public const string StopName = "stop";

    /// <summary>The folder.</summary>
    public string Path { get; } = path;

    /// <summary>Whether it was asked to stop.</summary>
    public bool IsStopped => File.Exists(StopPath);

    private string StopPath => System.IO.Path.Combine(Path, StopName);

    /// <summary>The folder at a path.</summary>
    /// <exception cref="SlcException"><c>SweepNotFound</c>, <c>PathEmpty</c>, <c>PathInvalid</c>.</exception>
    public static SweepFolder Open(string path)
    {
        var full = LocalPath.Resolve(path);
        return Directory.Exists(full) ? new(full) : throw new SlcException("SweepNotFound", SlcErrorKind.NotFound,
            $"There is no folder '{full}'. Give the folder that Start-SlcSweep was given.", full);
    }

    /// <summary>The folder of one trial.</summary>
    public TrialFolder Trial(string id) => new(System.IO.Path.Combine(Path, id));

    /// <summary>All trials, in the order of their names.</summary>
    public IEnumerable<TrialFolder> Trials()
    {
        return Directory.GetDirectories(Path).Where(folder => TrialFolder.IsName(System.IO.Path.GetFileName(folder)))
            .Order(StringComparer.Ordinal).Select(folder => new TrialFolder(folder)).Where(folder => folder.Exists);
    }

    /// <summary>Asks all who run trials of the sweep to stop.</summary>
    /// <exception cref="SlcException"><c>NotWritable</c>, <c>DiskFull</c>.</exception>
    public void Stop() => AtomicFile.Write(StopPath, _ => { });

    /// <summary>Makes the folder.</summary>
    /// <exception cref="SlcException"><c>NotWritable</c>, <c>DiskFull</c>.</exception>
    public void Make() => Change(() => Directory.CreateDirectory(Path));

    /// <summary>Takes back what asked it to stop.</summary>
    /// <exception cref="SlcException"><c>NotWritable</c>.</exception>
    public void Begin() => Change(() => File.Delete(StopPath));

    private void Change(Action change)
    {
        try
        {
            change();
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            throw FileFailure.Writing(Path, failure, "Choose a folder that you may write to.");
        }
    }
}

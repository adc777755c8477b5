using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Training;

/// <summary>
/// The folder that a training is kept in while it runs: <c>training.json</c> says what is trained, and each run has files of its
/// own. One process at a time holds it; the lock ends with the process, however it ends.
/// </summary>
internal sealed class CheckpointFolder : IDisposable
{
    /// <summary>The identifier of the error where another process holds the folder.</summary>
    public const string InUseId = "CheckpointInUse";

    private const string PlanName = "training.json";
    private const string LockName = "lock";

    private readonly FileStream _lock;
    private readonly string _training;
    private readonly Action<string>? _notice;

    private CheckpointFolder(string path, FileStream held, Action<string>? notice)
    {
        (Path, _lock, _notice) = (path, held, notice);
        _training = TrainingPlan.Checksum(File.ReadAllBytes(System.IO.Path.Combine(path, PlanName)));
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Whether a training is kept in a folder.</summary>
    public static bool HasTraining(string path) => File.Exists(System.IO.Path.Combine(path, PlanName));

    /// <summary>Whether a process holds the folder, as far as can be seen from here.</summary>
    public static bool IsInUse(string path)
    {
        var file = System.IO.Path.Combine(path, LockName);
        try
        {
            if (File.Exists(file))
                new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            return false;
        }
        catch (IOException failure) when (FileFailure.IsInUse(failure))
        {
            return true;
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            // Whoever begins with it will be told.
            return false;
        }
    }

    /// <summary>Begins a folder for a training.</summary>
    /// <param name="files">Where, and whether a training that is there is thrown away.</param>
    /// <param name="plan">What is trained.</param>
    /// <exception cref="SlcException"><c>CheckpointExists</c>, <c>CheckpointInUse</c>, <c>NotWritable</c>, <c>DiskFull</c>, <c>PathEmpty</c>, <c>PathInvalid</c>.</exception>
    public static CheckpointFolder Create(TrainingFiles files, TrainingPlan plan)
    {
        var path = LocalPath.Resolve(files.CheckpointPath!, nameof(TrainingFiles.CheckpointPath));
        return Hold(path, files.Notice, () =>
        {
            if (HasTraining(path) && !files.Overwrite)
            {
                throw new SlcException("CheckpointExists", SlcErrorKind.WriteFailed,
                    $"'{path}' holds a training already. Go on with it (Resume-SlcTraining -Path '{path}'), choose another folder, or " +
                    "throw it away with -Force.", path);
            }

            foreach (var pattern in RunFiles.Patterns)
                RemoveFiles(path, pattern);
            AtomicFile.Write(System.IO.Path.Combine(path, PlanName), stream => stream.Write(plan.ToJson()));
        });
    }

    /// <summary>Opens the folder of a training that was begun.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="notice">Told of files that cannot be used; may be null.</param>
    /// <exception cref="SlcException"><c>CheckpointInUse</c>, <c>NotWritable</c>.</exception>
    public static CheckpointFolder Open(string path, Action<string>? notice) => Hold(path, notice, () => { });

    /// <summary>Reads what is trained.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="SlcException"><c>CheckpointNotFound</c>, <c>CheckpointDamaged</c>, <c>FileUnreadable</c>.</exception>
    public static TrainingPlan ReadPlan(string path)
    {
        var file = System.IO.Path.Combine(path, PlanName);
        if (!File.Exists(file))
        {
            throw new SlcException("CheckpointNotFound", SlcErrorKind.NotFound,
                $"'{path}' holds no training: there is no file {PlanName} in it. Give the folder that Start-SlcTraining had as -CheckpointPath.", path);
        }

        try
        {
            return TrainingPlan.Parse(File.ReadAllBytes(file), file);
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            throw FileFailure.Reading(file, failure);
        }
    }

    /// <summary>The files of one run.</summary>
    /// <param name="index">Which run, from 0.</param>
    public RunFiles Run(int index) => new(Path, index, _training, _notice);

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static CheckpointFolder Hold(string path, Action<string>? notice, Action prepare)
    {
        FileStream? held = null;
        try
        {
            Directory.CreateDirectory(path);
            held = Lock(path);

            // What writers left that were killed; the folder may hold the user's own files too.
            RemoveFiles(path, ".run-*.tmp");
            RemoveFiles(path, $".{PlanName}.*.tmp");
            prepare();
            return new(path, held, notice);
        }
        catch (Exception failure)
        {
            held?.Dispose();
            if (FileFailure.IsFileFailure(failure))
                throw FileFailure.Writing(path, failure, "Choose a folder that you may write to.");
            throw;
        }
    }

    private static FileStream Lock(string path)
    {
        try
        {
            return new(System.IO.Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure) when (FileFailure.IsInUse(failure))
        {
            throw new SlcException(InUseId, SlcErrorKind.Unavailable,
                $"Another training has '{path}' in use. Wait for it, or choose another folder.", path, failure);
        }
    }

    private static void RemoveFiles(string path, string pattern)
    {
        foreach (var file in Directory.GetFiles(path, pattern))
            File.Delete(file);
    }
}

using System.Globalization;
using System.Text.Json;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Runtime;

namespace LogitSeparation.Core.Sweeps;

/// <summary>
/// The files of one trial. Those that decide are written beside and renamed, or created exclusively; <c>done</c> comes last.
/// </summary>
/// <param name="path">The folder, named by the SHA-256 of its <c>trial.json</c>.</param>
internal sealed class TrialFolder(string path)
{
    /// <summary>The file of a user's own network.</summary>
    public const string AssemblyName = "network.dll";

    private const int IdLength = 64;
    private const int NameLength = 8;
    private const string ClaimName = "claim";
    private const string NotFoundId = "TrialNotFound";

    /// <summary>The folder.</summary>
    public string Path { get; } = path;

    /// <summary>Its name.</summary>
    public string Id => System.IO.Path.GetFileName(Path);

    /// <summary>The folder of checkpoints.</summary>
    public string CheckpointPath => In("checkpoint");

    /// <summary>The trained model.</summary>
    public string ModelPath => In("model.safetensors");

    /// <summary>The folder of TensorBoard's event files.</summary>
    public string EventsPath => In("events");

    /// <summary>What was measured.</summary>
    public string MetricsPath => In("metrics.json");

    /// <summary>The points of the history.</summary>
    public string HistoryPath => In("history.csv");

    /// <summary>What happened when, a JSON object a line.</summary>
    public string LogPath => In("log.jsonl");

    /// <summary>Says that nothing more will change.</summary>
    public string DonePath => In("done");

    /// <summary>Says what kept the last attempt from its end; the next start of the sweep tries again.</summary>
    public string FailedPath => In("failed");

    /// <summary>Asks the process that runs the trial to stop.</summary>
    public string StopPath => In("stop");

    /// <summary>Changes as long as the trial is being run.</summary>
    public string HeartbeatPath => In("heartbeat");

    private string TrialPath => In("trial.json");

    private string DatasetPath => In("dataset.json");

    /// <summary>Whether a folder's name is that of a trial's folder.</summary>
    public static bool IsName(string name) => name.Length == IdLength && name.All(char.IsAsciiHexDigitLower);

    /// <summary>Whether it is there, whole.</summary>
    public bool Exists => File.Exists(TrialPath);

    /// <summary>Whether nothing more will change: it ended, and what stands in its files can be read.</summary>
    public bool IsDone => ReadDone() is { } end && (end.State == TrialState.Failed || TrialMetrics.TryRead(MetricsPath) is not null);

    /// <summary>Writes what is to be done, where it is not there or not whole; where it is, the same bytes stand there.</summary>
    /// <param name="configuration">The trial.</param>
    /// <param name="dataset">Where its data was found; no part of the trial.</param>
    /// <exception cref="SlcException"><c>NotWritable</c>, <c>DiskFull</c>.</exception>
    public void Create(TrialConfiguration configuration, DatasetIdentity dataset)
    {
        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            throw FileFailure.Writing(Path, failure, "Choose a folder that you may write to.");
        }

        if (configuration.Training.Assembly is { } assembly)
            Ensure(In(AssemblyName), UserAssembly.Content(assembly));
        Locate(dataset);
        Ensure(TrialPath, configuration.ToJson());
    }

    /// <summary>Notes where the data is, unless what is noted is there.</summary>
    /// <param name="dataset">The data.</param>
    /// <exception cref="SlcException"><c>NotWritable</c>, <c>DiskFull</c>.</exception>
    public void Locate(DatasetIdentity dataset)
    {
        if (TryParse<DatasetIdentity>(DatasetPath) is not { } known || known.Checksum != dataset.Checksum || !IsThere(known))
            AtomicFile.Write(DatasetPath, stream => JsonSerializer.Serialize(stream, dataset, ModelFile.Json));
    }

    /// <summary>Loads the user's own network where the trial has one.</summary>
    /// <param name="configuration">The trial.</param>
    /// <exception cref="SlcException"><c>TrialDamaged</c>, <c>FileNotFound</c>, <c>AssemblyInvalid</c>.</exception>
    public void LoadAssembly(TrialConfiguration configuration)
    {
        if (configuration.Training.Assembly is not { } asked)
            return;
        var path = In(AssemblyName);
        if (UserAssembly.Load(path).Checksum != asked.Checksum)
        {
            throw new SlcException("TrialDamaged", SlcErrorKind.InvalidData,
                $"'{path}' is not the file that the trial was made with. Remove its folder; the sweep makes it anew.", path);
        }
    }

    /// <summary>Reads what is to be done.</summary>
    /// <exception cref="SlcException"><c>TrialNotFound</c>, <c>TrialDamaged</c>, <c>FileUnreadable</c>.</exception>
    public TrialConfiguration ReadConfiguration()
    {
        if (!Exists)
        {
            throw new SlcException(NotFoundId, SlcErrorKind.NotFound,
                $"'{Path}' is not the folder of a trial: it has no file trial.json. Give a folder that Start-SlcSweep made.", Path);
        }

        var json = Read(TrialPath);
        if (TrialConfiguration.Identify(json) != Id)
        {
            throw new SlcException("TrialDamaged", SlcErrorKind.InvalidData,
                $"'{TrialPath}' is not what the folder's name says (the SHA-256 of its bytes). Remove the folder; the sweep makes it anew.", TrialPath);
        }

        var configuration = TrialConfiguration.Parse(json, TrialPath);
        return configuration.Dataset.Name.Length > 0 ? configuration : configuration with
        {
            Dataset = configuration.Dataset with { Name = TryParse<DatasetIdentity>(DatasetPath)?.Name ?? string.Concat(configuration.Dataset.Checksum.Take(NameLength)) },
        };
    }

    /// <summary>Reads what is to be done; null, with the reason, where it cannot be read.</summary>
    /// <param name="damage">The reason.</param>
    /// <exception cref="SlcException"><c>TrialNotFound</c>.</exception>
    public TrialConfiguration? TryReadConfiguration(out SlcException? damage)
    {
        damage = null;
        try
        {
            return ReadConfiguration();
        }
        catch (SlcException failure) when (failure.ErrorId != NotFoundId)
        {
            damage = failure;
            return null;
        }
    }

    /// <summary>The data set with the place where it was found when the trial was made; that of the configuration where that is lost.</summary>
    public DatasetIdentity ReadDataset(TrialConfiguration configuration)
    {
        try
        {
            var found = JsonSerializer.Deserialize<DatasetIdentity>(Read(DatasetPath), ModelFile.Json);
            return found?.Checksum == configuration.Dataset.Checksum ? found : configuration.Dataset;
        }
        catch (Exception exception) when (exception is JsonException or SlcException)
        {
            return configuration.Dataset;
        }
    }

    /// <summary>The number of the newest claim; -1 where there was none.</summary>
    public int NewestClaim()
    {
        var newest = -1;
        foreach (var file in Directory.GetFiles(Path, ClaimName + "*"))
        {
            var suffix = System.IO.Path.GetFileName(file)[ClaimName.Length..];
            if (suffix.Length == 0)
                newest = Math.Max(newest, 0);
            else if (suffix[0] == '.' && int.TryParse(suffix.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                newest = Math.Max(newest, number);
        }

        return newest;
    }

    /// <summary>The file of a claim: the first is <c>claim</c>, those that followed <c>claim.1</c>, <c>claim.2</c>, …</summary>
    public string ClaimPath(int number) =>
        In(number == 0 ? ClaimName : string.Create(CultureInfo.InvariantCulture, $"{ClaimName}.{number}"));

    /// <summary>What stands in a claim; null where it is being written, or its writer was killed while it wrote.</summary>
    public ClaimNote? ReadClaim(int number) => TryParse<ClaimNote>(ClaimPath(number));

    /// <summary>What happened in the end; null before, and where it cannot be read.</summary>
    public TrialEnd? ReadDone() => TryParse<TrialEnd>(DonePath);

    /// <summary>What kept the last attempt from its end; null where nothing did.</summary>
    public TrialEnd? ReadFailed() => TryParse<TrialEnd>(FailedPath);

    private static bool IsThere(DatasetIdentity dataset) => dataset.Path is null || System.IO.Path.Exists(dataset.Path);

    private static void Ensure(string file, byte[] content)
    {
        try
        {
            if (File.Exists(file) && File.ReadAllBytes(file).AsSpan().SequenceEqual(content))
                return;
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            // Then it takes the place of what cannot be read.
        }

        AtomicFile.Write(file, stream => stream.Write(content));
    }

    private static T? TryParse<T>(string file)
        where T : class
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<T>(File.ReadAllBytes(file), ModelFile.Json) : null;
        }
        catch (Exception exception) when (exception is JsonException || FileFailure.IsFileFailure(exception))
        {
            return null;
        }
    }

    private static byte[] Read(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            throw FileFailure.Reading(file, failure);
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}

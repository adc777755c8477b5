using System.Globalization;
using System.Text.Json;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Training;

/// <summary>
/// The files of one run in a folder of checkpoints: the two newest checkpoints while it runs, and its model or its error when it
/// has ended.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="index">Which run, from 0, among all losses and learning rates.</param>
/// <param name="training">The checksum of the description of the training.</param>
/// <param name="notice">Told of files that cannot be used.</param>
internal sealed class RunFiles(string folder, int index, string training, Action<string>? notice)
{
    private const string PositionKey = "position";
    private const int Kept = 2;

    /// <summary>What matches the files of all runs.</summary>
    public static IReadOnlyList<string> Patterns { get; } = ["run-???.safetensors", "run-???.error.json", "run-???.step-*.safetensors"];

    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"run-{index:d3}");

    private sealed record Failure(string ErrorId, SlcErrorKind Kind, string Message, string? Target);

    private string ModelPath => Path.Combine(folder, $"{_name}.safetensors");

    private string FailurePath => Path.Combine(folder, $"{_name}.error.json");

    /// <summary>The checksum of the description of the training.</summary>
    public string Training => training;

    /// <summary>The step of the newest checkpoint of a run; 0 where there is none.</summary>
    /// <param name="folder">The folder, which need not exist.</param>
    /// <param name="index">Which run, from 0.</param>
    public static int NewestStep(string folder, int index)
    {
        var prefix = string.Create(CultureInfo.InvariantCulture, $"run-{index:d3}.step-");
        return !Directory.Exists(folder) ? 0 : Directory.GetFiles(folder, $"{prefix}*.safetensors")
            .Select(file => int.TryParse(Path.GetFileNameWithoutExtension(file).AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : 0)
            .DefaultIfEmpty(0).Max();
    }

    /// <summary>The model, where the run has ended with one that can be read.</summary>
    public Model? ReadModel()
    {
        var model = !File.Exists(ModelPath) ? null : Use(ModelPath, "the run is done again", () => ModelFile.Import(ModelPath));
        if (model is not null)
            RemoveCheckpoints(keep: 0);
        return model;
    }

    /// <summary>The error, where the run has ended with one.</summary>
    public SlcException? ReadFailure() => !File.Exists(FailurePath) ? null : Use(FailurePath, "the run is done again", () =>
    {
        var failure = JsonSerializer.Deserialize<Failure>(File.ReadAllBytes(FailurePath), ModelFile.Json);
        return failure is { ErrorId: not null, Message: not null }
            ? new SlcException(failure.ErrorId, failure.Kind, failure.Message, failure.Target)
            : throw new InvalidDataException("it is incomplete");
    });

    /// <summary>Keeps the model of a run that has ended.</summary>
    public void Finish(Model model)
    {
        ModelFile.Export(model, ModelPath);
        RemoveCheckpoints(keep: 0);
    }

    /// <summary>Keeps the error of a run that has ended.</summary>
    public void Finish(SlcException error)
    {
        var failure = new Failure(error.ErrorId, error.Kind, error.Message, error.Target?.ToString());
        AtomicFile.Write(FailurePath, stream => JsonSerializer.Serialize(stream, failure, ModelFile.Json));
        RemoveCheckpoints(keep: 0);
    }

    /// <summary>Writes a checkpoint, and removes those before its predecessor.</summary>
    public void Write(RunCheckpoint checkpoint)
    {
        var metadata = new Dictionary<string, string> { [PositionKey] = JsonSerializer.Serialize(checkpoint.Position, ModelFile.Json) };
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{_name}.step-{checkpoint.Position.Step:d10}.safetensors"));
        new SafeTensorsFile(checkpoint.Tensors, metadata).Write(path);
        RemoveCheckpoints(Kept);
    }

    /// <summary>
    /// The newest checkpoint that can be used; null where there is none. One that is not whole is said and left alone, and its
    /// predecessor is used.
    /// </summary>
    /// <param name="restore">Takes the checkpoint over; an <see cref="InvalidDataException"/> means that it does not fit.</param>
    public RunPosition? Restore(Action<RunCheckpoint> restore)
    {
        foreach (var path in Checkpoints())
        {
            var position = Use(path, "the one before it is used", () =>
            {
                var checkpoint = Read(path);
                restore(checkpoint);
                return checkpoint.Position;
            });
            if (position is not null)
                return position;
        }

        return null;
    }

    private RunCheckpoint Read(string path)
    {
        var file = SafeTensorsFile.Read(path);
        if (!file.Metadata.TryGetValue(PositionKey, out var text))
            throw new InvalidDataException("it does not say at which step it was written");
        var position = JsonSerializer.Deserialize<RunPosition>(text, ModelFile.Json);
        if (position is not { IsUsable: true })
            throw new InvalidDataException("what it says of the run's position cannot be");
        return position.Training == training
            ? new(position, file.Tensors)
            : throw new InvalidDataException("it belongs to another training");
    }

    private T? Use<T>(string path, string otherwise, Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is SlcException or InvalidDataException or JsonException)
        {
            var cause = exception is SlcException ? exception.Message : $"'{path}' cannot be used: {exception.Message.TrimEnd('.')}.";
            notice?.Invoke($"{cause} Therefore {otherwise}, or what came first where there is none.");
            return null;
        }
    }

    // Newest first: the step is written with leading zeros.
    private string[] Checkpoints() =>
        [.. Directory.GetFiles(folder, $"{_name}.step-*.safetensors").OrderByDescending(path => path, StringComparer.Ordinal)];

    private void RemoveCheckpoints(int keep)
    {
        foreach (var path in Checkpoints().Skip(keep))
            File.Delete(path);
    }
}

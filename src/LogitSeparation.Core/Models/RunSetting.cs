using System.Text.Json;
using LogitSeparation.Core.Losses;

namespace LogitSeparation.Core.Models;

/// <summary>
/// What a model was trained with beside data set, loss, learning rate and seed, where it is not the default: results that differ in it
/// are not runs of one experiment. Two settings are equal where all of it is.
/// </summary>
public sealed class RunSetting : IEquatable<RunSetting>
{
    private const string Separator = ", ";

    private readonly Dictionary<string, string> _training;
    private readonly Dictionary<string, string> _loss;

    private RunSetting(IEnumerable<RunParameter> chosen, int stepCount)
    {
        var parameters = chosen.ToLookup(item => item.IsOfLoss);
        _training = Texts(parameters[false]);
        _loss = Texts(parameters[true]);
        StepCount = stepCount;
    }

    private RunSetting(Kept kept)
    {
        _training = new(kept.Training, StringComparer.Ordinal);
        _loss = new(kept.Loss, StringComparer.Ordinal);
        StepCount = kept.StepCount;
    }

    /// <summary>The number of steps that were asked for.</summary>
    public int StepCount { get; }

    /// <summary>The parameters and their values, e.g. <c>BatchSize 32, Gamma 10</c>; empty where all have their defaults.</summary>
    public string Text => string.Join(Separator, _training.Concat(_loss).Select(Show));

    /// <summary>How a model came about.</summary>
    /// <param name="training">The training's parameters.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="options">The losses' parameters.</param>
    internal static RunSetting Of(TrainingOptions training, string loss, LossOptions options) => new(
        RunParameter.All(training, loss, options).Where(item => item.IsChosen || item.Name == nameof(TrainingOptions.Network)), training.StepCount);

    /// <summary>What <see cref="FromJson"/> reads.</summary>
    internal string ToJson() => JsonSerializer.Serialize(new Kept(StepCount, _training, _loss));

    /// <summary>The setting that was written.</summary>
    /// <param name="json">What <see cref="ToJson"/> gave; null, and any other text, give null.</param>
    internal static RunSetting? FromJson(string? json)
    {
        try
        {
            return json is not null && JsonSerializer.Deserialize<Kept>(json) is { Training: not null, Loss: not null } kept && !kept.HasNull ? new(kept) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether all but the losses' own parameters are the same.</summary>
    /// <param name="other">The other setting; null where not known.</param>
    internal bool IsTrainedAs(RunSetting? other) => other is not null && StepCount == other.StepCount && Same(_training, other._training);

    /// <summary>
    /// The part by which each run's parameters differ from the others' (of the loss's own, from those of the same loss), in words; null
    /// where it has the defaults in all that differs. The number of steps is left to the caller.
    /// </summary>
    /// <param name="runs">Losses and settings, null where not known.</param>
    internal static string?[] Differences(IReadOnlyList<(string? Loss, RunSetting? Setting)> runs)
    {
        var all = runs.Select(run => run.Setting).OfType<RunSetting>().Distinct().ToList();
        var ofLoss = runs.ToLookup(run => run.Loss, run => run.Setting, StringComparer.OrdinalIgnoreCase);
        return [.. runs.Select(run => run.Setting?.Difference(all, [.. ofLoss[run.Loss].OfType<RunSetting>().Distinct()]))];
    }

    /// <inheritdoc/>
    public bool Equals(RunSetting? other) => IsTrainedAs(other) && Same(_loss, other!._loss);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RunSetting);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StepCount, Text);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private string? Difference(List<RunSetting> all, List<RunSetting> ofLoss)
    {
        var parts = _training.Where(item => all.Exists(other => other._training.GetValueOrDefault(item.Key) != item.Value))
            .Concat(_loss.Where(item => ofLoss.Exists(other => other._loss.GetValueOrDefault(item.Key) != item.Value)))
            .Select(Show)
            .ToArray();
        return parts.Length == 0 ? null : string.Join(Separator, parts);
    }

    private static Dictionary<string, string> Texts(IEnumerable<RunParameter> parameters) =>
        parameters.ToDictionary(item => item.Name, item => RunParameter.Show(item.Value), StringComparer.Ordinal);

    private static string Show(KeyValuePair<string, string> item) => $"{item.Key} {item.Value}";

    private static bool Same(Dictionary<string, string> one, Dictionary<string, string> other) =>
        one.Count == other.Count && one.All(item => other.GetValueOrDefault(item.Key) == item.Value);

    private sealed record Kept(int StepCount, Dictionary<string, string> Training, Dictionary<string, string> Loss)
    {
        internal bool HasNull => Training.ContainsValue(null!) || Loss.ContainsValue(null!);
    }
}

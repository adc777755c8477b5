using System.Collections;
using System.Globalization;
using System.Reflection;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Sweeps;

/// <summary>
/// Which parameters distinguish the trials of a sweep, beside data set, loss, learning rate, seed and steps, which every view has: those
/// that differ among them, and those that do not have their default.
/// </summary>
internal sealed class TrialParameters
{
    // The name that a network has in a trial is never the default, which stands for whatever suits the data.
    private static readonly string[] Beside =
        [nameof(TrainingOptions.LearningRate), nameof(TrainingOptions.Seed), nameof(TrainingOptions.StepCount), nameof(TrainingOptions.Device), nameof(TrainingOptions.SelectBy), nameof(TrainingOptions.Assembly)];

    private static readonly PropertyInfo[] TrainingProperties = [.. Writable<TrainingOptions>().Where(property => !Beside.Contains(property.Name))];
    private static readonly PropertyInfo[] LossProperties = Writable<LossOptions>();
    private static readonly TrainingOptions DefaultTraining = new();
    private static readonly LossOptions DefaultLoss = new();

    private readonly HashSet<string> _varied;

    /// <summary>Compares the trials of a sweep.</summary>
    public TrialParameters(IEnumerable<TrialConfiguration> trials) => _varied =
    [
        .. trials.SelectMany(All).GroupBy(item => item.Name, item => Show(item.Value))
            .Where(values => values.Distinct().Skip(1).Any()).Select(values => values.Key),
    ];

    /// <summary>Compares with the defaults alone.</summary>
    public static TrialParameters None { get; } = new([]);

    /// <summary>What distinguishes a trial.</summary>
    public IReadOnlyDictionary<string, object> Of(TrialConfiguration trial) => All(trial)
        .Where(item => _varied.Contains(item.Name) || (item.Default is not null && Show(item.Default) != Show(item.Value)))
        .ToDictionary(item => item.Name, item => item.Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>A value as text, which is the same for equal values.</summary>
    public static string Show(object value) => value is IEnumerable items and not string
        ? string.Join(", ", items.Cast<object>())
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static IEnumerable<(string Name, object Value, object? Default)> All(TrialConfiguration trial)
    {
        var own = LossCatalog.ParametersOf(trial.Loss);
        return TrainingProperties.Select(property => Item(property, trial.Training, DefaultTraining))
            .Concat(LossProperties.Where(property => own.Contains(property.Name)).Select(property => Item(property, trial.LossOptions, DefaultLoss)));
    }

    private static (string Name, object Value, object? Default) Item(PropertyInfo property, object options, object defaults) =>
        (property.Name, Plain(property.GetValue(options)!), property.Name == nameof(TrainingOptions.Network) ? null : property.GetValue(defaults));

    // Lists as arrays, which PowerShell can index.
    private static object Plain(object value) => value is IReadOnlyList<int> list ? list.ToArray() : value;

    private static PropertyInfo[] Writable<T>() => [.. typeof(T).GetProperties().Where(property => property.CanWrite)];
}

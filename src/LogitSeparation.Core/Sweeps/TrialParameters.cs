using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Sweeps;

/// <summary>
/// Which parameters distinguish the trials of a sweep: those that differ among them, and those that do not have their default.
/// </summary>
internal sealed class TrialParameters
{
    private readonly HashSet<string> _varied;

    /// <summary>Compares the trials of a sweep.</summary>
    public TrialParameters(IEnumerable<TrialConfiguration> trials) => _varied =
    [
        .. trials.SelectMany(All).GroupBy(item => item.Name, item => RunParameter.Show(item.Value))
            .Where(values => values.Distinct().Skip(1).Any()).Select(values => values.Key),
    ];

    /// <summary>Compares with the defaults alone.</summary>
    public static TrialParameters None { get; } = new([]);

    /// <summary>What distinguishes a trial.</summary>
    public IReadOnlyDictionary<string, object> Of(TrialConfiguration trial) => All(trial)
        .Where(item => item.IsChosen || _varied.Contains(item.Name))
        .ToDictionary(item => item.Name, item => item.Value, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<RunParameter> All(TrialConfiguration trial) => RunParameter.All(trial.Training, trial.Loss, trial.LossOptions);
}

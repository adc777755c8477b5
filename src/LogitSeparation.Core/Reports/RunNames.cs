using System.Globalization;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Reports;

/// <summary>Names by which runs in one figure or table can be told apart: the loss, and whatever else differs where that is not enough.</summary>
internal static class RunNames
{
    private static readonly Func<RunResult, string?>[] Details =
    [
        run => run.Dataset,
        run => run.LearningRate is { } rate ? string.Create(CultureInfo.InvariantCulture, $"rate {rate:G4}") : null,
        run => run.Step is { } step ? string.Create(CultureInfo.InvariantCulture, $"{step} steps") : null,
        run => run.Seed is { } seed ? string.Create(CultureInfo.InvariantCulture, $"seed {seed}") : null,
        run => run.Split?.ToString(),
    ];

    /// <summary>A name for each run, all different.</summary>
    public static IReadOnlyList<string> Distinguish(IReadOnlyList<RunResult> runs)
    {
        string[] names = [.. runs.Select(run => run.Name)];
        var settings = RunSetting.Differences([.. runs.Select(run => (run.Loss, run.Setting))]);
        names = [.. names.Select((name, i) => settings[i] is { } setting ? $"{name}, {setting}" : name)];
        foreach (var detail in Details)
        {
            if (names.Distinct().Count() == names.Length)
                return names;
            var values = runs.Select(detail).ToList();
            if (values.Distinct().Count() > 1)
                names = [.. names.Select((name, i) => values[i] is { } value ? $"{name}, {value}" : name)];
        }

        return Number(names, name => name, (_, name) => name);
    }

    /// <summary>Numbers what comes again under the same name.</summary>
    public static IReadOnlyList<T> Number<T>(IEnumerable<T> items, Func<T, string> name, Func<T, string, T> rename)
    {
        var seen = new Dictionary<string, int>();
        return [.. items.Select(item =>
        {
            var count = seen[name(item)] = seen.GetValueOrDefault(name(item)) + 1;
            return count > 1 ? rename(item, string.Create(CultureInfo.InvariantCulture, $"{name(item)} ({count})")) : item;
        })];
    }

    /// <summary>What all runs have in common, for a subtitle.</summary>
    public static string Common(IReadOnlyList<RunResult> runs)
    {
        var parts = new[]
        {
            Same(runs, run => run.Dataset),
            Same(runs, run => run.Split?.ToString().ToLowerInvariant() + (run.Split is null ? "" : " split")),
        };
        return string.Join(", ", parts.Where(part => !string.IsNullOrEmpty(part)));
    }

    private static string? Same(IReadOnlyList<RunResult> runs, Func<RunResult, string?> value) =>
        runs.Select(value).Distinct().Take(2).ToList() is [var only] ? only : null;
}

using LogitSeparation.Core.Data;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Sweeps;

/// <summary>What running trials would do: those that are neither done nor run by others, each with an estimate of its time.</summary>
/// <param name="folder">The sweep, which need not exist.</param>
/// <param name="options">How they would be run.</param>
internal sealed class SweepPreview(SweepFolder folder, SweepOptions options)
{
    /// <summary>Looks, and measures where no trial that is done tells how fast a kind of training is.</summary>
    /// <param name="trials">The trials, and how their data is opened.</param>
    /// <param name="cancellation">Stops the measurement.</param>
    public IReadOnlyList<Trial> List(IReadOnlyList<(TrialConfiguration Configuration, Func<Dataset> Dataset)> trials, CancellationToken cancellation)
    {
        var parameters = new TrialParameters(trials.Select(trial => trial.Configuration));
        var left = trials.Select(item => (Trial: Find(item.Configuration, parameters), item.Dataset))
            .Where(item => item.Trial.State != TrialState.Running && !folder.Trial(item.Trial.Id).IsDone).ToArray();
        if (left.Length == 0)
            return [];
        TorchRuntime.EnsureLoaded();
        var estimate = new SweepEstimate(options, options.ThrottleLimit > 0 ? TrialProcess.ThreadCount(options.ProcessCount(left.Length)) : torch.get_num_threads());
        if (Directory.Exists(folder.Path))
            estimate.Learn(folder.Trials().Select(trial => Trial.Read(trial)));
        return left.Select(item => item.Trial with { Estimate = estimate.Of(item.Trial.Configuration!, item.Trial.CompletedStep, item.Dataset, cancellation) }).ToArray();
    }

    // What is damaged is written anew.
    private Trial Find(TrialConfiguration configuration, TrialParameters parameters)
    {
        var known = folder.Trial(configuration.Id());
        return known.Exists ? Trial.Read(known, parameters) with { Configuration = configuration } : new Trial
        {
            Id = known.Id,
            State = TrialState.Pending,
            Configuration = configuration,
            Folder = known.Path,
            Parameter = parameters.Of(configuration),
        };
    }
}

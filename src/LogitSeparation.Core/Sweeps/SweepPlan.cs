using LogitSeparation.Core.Data;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;

namespace LogitSeparation.Core.Sweeps;

/// <summary>A grid of trials: every combination of data set, loss, learning rate, seed and whatever other parameter, each once.</summary>
public sealed record SweepPlan
{
    /// <summary>The data sets.</summary>
    public required IReadOnlyList<Dataset> Dataset { get; init; }

    /// <summary>The names of the losses.</summary>
    public required IReadOnlyList<string> Loss { get; init; }

    /// <summary>The learning rates.</summary>
    public required IReadOnlyList<double> LearningRate { get; init; }

    /// <summary>The seeds of the trainings.</summary>
    public required IReadOnlyList<int> Seed { get; init; }

    /// <summary>How is trained, but for what the grid varies.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>The hyperparameters of the losses, but for what the grid varies.</summary>
    public LossOptions LossOptions { get; init; } = new();

    /// <summary>Values of other parameters, by the names of Start-SlcTraining's.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<object>> Parameter { get; init; } = new Dictionary<string, IReadOnlyList<object>>();

    /// <summary>
    /// The trials: data sets outermost, then seeds, parameters, losses, and learning rates. A parameter that a loss does not read
    /// makes no further trials of it.
    /// </summary>
    /// <exception cref="SlcException"><c>UnknownParameter</c>, <c>InvalidSweepValue</c>, and those of training with them.</exception>
    public IReadOnlyList<TrialConfiguration> Trials() => [.. Find().Select(item => item.Configuration)];

    /// <summary>Puts the trials into a folder, where they are not there yet.</summary>
    /// <param name="path">The folder.</param>
    /// <returns>The names of their folders, in order.</returns>
    internal IReadOnlyList<string> Write(string path)
    {
        var folder = new SweepFolder(LocalPath.Resolve(path));
        var trials = Find();
        folder.Make();
        foreach (var (configuration, dataset) in trials)
            folder.Trial(configuration.Id()).Create(configuration, dataset.Identity);
        return [.. trials.Select(trial => trial.Configuration.Id())];
    }

    /// <summary>The trials with their data sets, each once.</summary>
    internal IReadOnlyList<(TrialConfiguration Configuration, Dataset Dataset)> Find()
    {
        var combinations = SweepParameters.Combine(Parameter);
        var (losses, own) = UserLoss.Resolve(Loss, LossOptions, Training.Assembly);
        if (own.Own?.FirstOrDefault(loss => loss.IsFunction) is { } function)
        {
            throw new SlcException("LossNotPortable", SlcErrorKind.InvalidArgument,
                $"The loss {function.Name} is a script block, and the processes of a sweep cannot call it. Put it into an assembly and name that " +
                "with -AssemblyPath, or train with Start-SlcTraining.", function.Name);
        }

        var trials = new List<(TrialConfiguration, Dataset)>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var dataset in Dataset)
        {
            foreach (var (seed, values) in Seed.SelectMany(seed => combinations.Select(values => (seed, values))))
            {
                var training = SweepParameters.Apply(Training, values) with { Seed = seed };
                var lossOptions = SweepParameters.Apply(own, values) with { Own = own.Own };
                foreach (var (loss, rate) in losses.SelectMany(loss => LearningRate.Select(rate => (loss, rate))))
                {
                    var trial = Create(dataset, loss, lossOptions, training with { LearningRate = new[] { rate } });
                    if (known.Add(trial.Id()))
                        trials.Add((trial, dataset));
                }
            }
        }

        return trials;
    }

    private static TrialConfiguration Create(Dataset dataset, string loss, LossOptions lossOptions, TrainingOptions training)
    {
        training.Validate(dataset);
        lossOptions.Validate();
        lossOptions.ValidateBatch(loss, training.BatchSize);
        var spec = NetworkCatalog.Describe(training.Network, dataset.ExampleShape, training.HiddenUnit, dataset.ClassCount,
            UserLoss.NetworkAssembly(training.Assembly, lossOptions));
        return new()
        {
            Dataset = dataset.Identity with { Path = null, LabelPath = null, TestPath = null, TestLabelPath = null },
            Loss = loss,
            LossOptions = lossOptions,
            Training = training with
            {
                Network = spec.Name,
                Assembly = training.Assembly is null ? null : training.Assembly with { Name = TrialFolder.AssemblyName },
            },
        };
    }
}

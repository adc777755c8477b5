using System.Management.Automation;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Training;

namespace LogitSeparation.PowerShell;

/// <summary>Trains one model for each loss, on the pipeline's thread, and emits each as soon as it is trained.</summary>
[Cmdlet(VerbsLifecycle.Start, "SlcTraining")]
[OutputType(typeof(Model))]
public sealed class StartSlcTrainingCommand : SlcCommand, IDynamicParameters
{
    private static readonly TrainingOptions Defaults = new();

    private readonly LossParameters _lossParameters = new();
    private IReadOnlyList<string> _losses = [];
    private LossOptions _lossOptions = new();

    /// <summary>The losses.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LossCompleter))]
    public string[] Loss { get; set; } = ["BatchCE"];

    /// <summary>The data set.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public Dataset Dataset { get; set; } = null!;

    /// <summary>The learning rate, or several to choose from.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public double[] LearningRate { get; set; } = [.. Defaults.LearningRate];

    /// <summary>The number of steps.</summary>
    [Parameter]
    public int Step { get; set; } = Defaults.StepCount;

    /// <summary>The number of examples of a batch.</summary>
    [Parameter]
    public int BatchSize { get; set; } = Defaults.BatchSize;

    /// <summary>The rule that turns a gradient into a step.</summary>
    [Parameter]
    public OptimizerKind Optimizer { get; set; } = Defaults.Optimizer;

    /// <summary>The momentum of SGD.</summary>
    [Parameter]
    public double Momentum { get; set; } = Defaults.Momentum;

    /// <summary>The weight of the penalty on the weights' squares.</summary>
    [Parameter]
    public double WeightDecay { get; set; } = Defaults.WeightDecay;

    /// <summary>How training pictures are varied.</summary>
    [Parameter]
    public Augmentation Augmentation { get; set; } = Defaults.Augmentation;

    /// <summary>The largest shift of a shifted crop, in pixels.</summary>
    [Parameter]
    public int CropShift { get; set; } = Defaults.CropShift;

    /// <summary>Decides initial weights, the order of examples, noise classes and augmentation.</summary>
    [Parameter]
    public int Seed { get; set; } = Defaults.Seed;

    /// <summary>The device to train on.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string Device { get; set; } = Defaults.Device;

    /// <summary>The network.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public string Network { get; set; } = Defaults.Network;

    /// <summary>The number of units of each hidden layer.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public int[] HiddenUnit { get; set; } = [.. Defaults.HiddenUnit];

    /// <summary>Steps between two points of the history.</summary>
    [Parameter]
    public int HistoryInterval { get; set; } = Defaults.HistoryInterval;

    /// <summary>The hyperparameters of the losses.</summary>
    public object GetDynamicParameters() => _lossParameters;

    /// <inheritdoc/>
    protected override void Begin()
    {
        _lossOptions = _lossParameters.ToOptions();
        _losses = LossNames.Resolve(Loss);
    }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (_losses.Count == 0)
            return;
        try
        {
            Train();
        }
        catch (OperationCanceledException)
        {
            // A stopped pipeline takes no more records; the host still shows a line.
            Host.UI.WriteWarningLine("Training was stopped. What the model in training had learnt is discarded; models that were emitted remain.");
            throw;
        }
    }

    private void Train()
    {
        using var progress = new ProgressLine(this, $"Training on {Dataset}");
        foreach (var result in Trainer.Train(Dataset, _losses, _lossOptions, Options(), report => Report(progress, report), Cancellation))
        {
            foreach (var failure in result.Failure)
                Report(failure);
            if (result.Model is not null)
                WriteObject(result.Model);
        }
    }

    private TrainingOptions Options() => new()
    {
        Network = Network,
        HiddenUnit = HiddenUnit,
        LearningRate = LearningRate,
        StepCount = Step,
        BatchSize = BatchSize,
        Optimizer = Optimizer,
        Momentum = Momentum,
        WeightDecay = WeightDecay,
        Augmentation = Augmentation,
        CropShift = CropShift,
        Seed = Seed,
        Device = Device,
        HistoryInterval = HistoryInterval,
    };

    private static void Report(ProgressLine progress, TrainingProgress report)
    {
        var done = report.RunIndex + ((double)report.Step / report.StepCount);
        var accuracy = report.ValidationAccuracy is { } share ? FormattableString.Invariant($", accuracy {share:p1}") : "";
        var status = FormattableString.Invariant(
            $"{report.LossName} {report.Step}/{report.StepCount}: loss {report.Loss:g4}{accuracy}, {report.StepsPerSecond:f0} steps/s");
        progress.Report(status, done / report.RunCount, report.Remaining);
    }
}

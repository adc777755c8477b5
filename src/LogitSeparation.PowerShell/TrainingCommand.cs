using System.Management.Automation;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Runtime;

namespace LogitSeparation.PowerShell;

/// <summary>A cmdlet that says how to train.</summary>
public abstract class TrainingCommand : SlcCommand, IDynamicParameters
{
    private static readonly TrainingOptions Defaults = new();

    private readonly LossParameters _lossParameters = new();
    private AssemblyIdentity? _assembly;

    /// <summary>The losses.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LossCompleter))]
    public LossArgument[] Loss { get; set; } = [new("BatchCE")];

    /// <summary>The learning rate, or several.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public double[] LearningRate { get; set; } = [.. Defaults.LearningRate];

    /// <summary>How the learning rate goes over the steps.</summary>
    [Parameter]
    [NamedValue<LearningRateSchedule>]
    public LearningRateSchedule Schedule { get; set; } = Defaults.Schedule;

    /// <summary>The number of steps.</summary>
    [Parameter]
    public int Step { get; set; } = Defaults.StepCount;

    /// <summary>The number of examples of a batch.</summary>
    [Parameter]
    public int BatchSize { get; set; } = Defaults.BatchSize;

    /// <summary>The rule that turns a gradient into a step.</summary>
    [Parameter]
    [NamedValue<OptimizerKind>]
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

    /// <summary>How exactly the products of the network are computed.</summary>
    [Parameter]
    public ProductPrecision ProductPrecision { get; set; } = Defaults.ProductPrecision;

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

    /// <summary>The user's own assembly that the network, losses or both come from.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AssemblyPath { get; set; }

    /// <summary>The number of units of each hidden layer.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public int[] HiddenUnit { get; set; } = [.. Defaults.HiddenUnit];

    /// <summary>Steps between two points of the history.</summary>
    [Parameter]
    public int HistoryInterval { get; set; } = Defaults.HistoryInterval;

    /// <summary>Steps between two checkpoints.</summary>
    [Parameter]
    public int CheckpointEvery { get; set; }

    /// <summary>The hyperparameters of the losses.</summary>
    public object GetDynamicParameters() => _lossParameters;

    /// <summary>The names of the losses that were asked for.</summary>
    private protected IReadOnlyList<string> LossNames { get; private set; } = [];

    /// <summary>The hyperparameters of the losses.</summary>
    private protected LossOptions LossOptions { get; private set; } = new();

    /// <inheritdoc/>
    protected override void Begin()
    {
        _assembly = AssemblyPath is null ? null : UserAssembly.Load(FilePaths.Resolve(this, AssemblyPath));
        var losses = PowerShell.LossNames.Resolve(Loss, _assembly);
        LossNames = losses.Names;
        LossOptions = _lossParameters.ToOptions() with { Own = losses.Own };
    }

    /// <summary>How to train, as the parameters of this class say.</summary>
    private protected TrainingOptions Options() => new()
    {
        Network = Network,
        Assembly = _assembly,
        HiddenUnit = HiddenUnit,
        LearningRate = LearningRate,
        Schedule = Schedule,
        StepCount = Step,
        BatchSize = BatchSize,
        Optimizer = Optimizer,
        Momentum = Momentum,
        WeightDecay = WeightDecay,
        Augmentation = Augmentation,
        CropShift = CropShift,
        ProductPrecision = ProductPrecision,
        Device = Device,
        HistoryInterval = HistoryInterval,
    };
}

namespace LogitSeparation.Core.Training;

/// <summary>How a model is trained. The defaults are those of the cmdlet.</summary>
public sealed record TrainingOptions
{
    /// <summary>The network's name.</summary>
    public string Network { get; init; } = "MLP";

    /// <summary>The number of units of each hidden layer of the MLP (the paper: two of 500).</summary>
    public IReadOnlyList<int> HiddenUnit { get; init; } = [500, 500];

    /// <summary>
    /// The learning rate η; with several, a model is trained with each and the one with the best validation accuracy is
    /// kept (section 6).
    /// </summary>
    public IReadOnlyList<double> LearningRate { get; init; } = [0.1];

    /// <summary>The number of steps.</summary>
    public int StepCount { get; init; } = 2000;

    /// <summary>The number of examples of a batch, m.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>The optimizer.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Sgd;

    /// <summary>The momentum μ of SGD, 0 to below 1.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>The weight λ of the penalty λ/2 ‖w‖² on every trained parameter; 0 for none.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Decides initial weights, the order of examples and noise classes.</summary>
    public int Seed { get; init; }

    /// <summary>The device: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, …</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Steps between two points of the history; 0 for a twentieth of the steps.</summary>
    public int HistoryInterval { get; init; }
}

using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// Whether the Principle of Logit Separation holds for a table of logits, by how much, and where it does not (Definition 2.1).
/// With one class there are no false logits: it holds, with no pairs and an infinite margin.
/// </summary>
public sealed record SeparationReport
{
    /// <summary>The data set, where known.</summary>
    public string? Dataset { get; init; }

    /// <summary>The split, where known.</summary>
    public Split? Split { get; init; }

    /// <summary>The loss that the model was trained with, where known.</summary>
    public string? Loss { get; init; }

    /// <summary>The seed that the model was trained with, where known.</summary>
    public int? Seed { get; init; }

    /// <summary>The learning rate that the model was trained with, where known.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The parameters that the model was trained with, where known.</summary>
    public RunSetting? Setting { get; init; }

    /// <summary>The file that the logits were read from; null where they come from a model.</summary>
    public string? Source { get; init; }

    /// <summary>The number of examples, n.</summary>
    public required int ExampleCount { get; init; }

    /// <summary>The number of classes, k.</summary>
    public required int ClassCount { get; init; }

    /// <summary>Whether every true logit is greater than every false logit.</summary>
    public required bool Holds { get; init; }

    /// <summary>The smallest true logit minus the largest false one, in double; 0 where the two are equal, infinities included.</summary>
    public required double Margin { get; init; }

    /// <summary>The smallest true logit.</summary>
    public required double MinTrueLogit { get; init; }

    /// <summary>The largest false logit; negative infinity where k = 1.</summary>
    public required double MaxFalseLogit { get; init; }

    /// <summary>The number of pairs of a true and a false logit, of the same or different examples, with true ≤ false.</summary>
    public required long ViolatingPairs { get; init; }

    /// <summary>The number of all pairs, n x n (k - 1).</summary>
    public required long Pairs { get; init; }

    /// <summary>The share of violating pairs, 0 … 1; 0 where there are no pairs.</summary>
    public double ViolatingShare => Pairs == 0 ? 0 : ViolatingPairs / (double)Pairs;

    /// <summary>The worst violations, the largest difference first; empty where the principle holds.</summary>
    public required IReadOnlyList<SeparationWitness> Witness { get; init; }

    /// <summary>
    /// The smallest set of examples whose removal makes the principle hold, by their indices, rising; empty where it holds. Of several
    /// such sets, the one that goes with <see cref="UniformThreshold"/>.
    /// </summary>
    public required IReadOnlyList<int> Removal { get; init; }

    /// <summary>The number of examples in <see cref="Removal"/>.</summary>
    public int RemovalCount => Removal.Count;

    /// <summary>
    /// The largest share of examples that one threshold t for all classes gets wholly right, z_y > t ≥ every false logit of the example:
    /// one minus the share of <see cref="Removal"/>.
    /// </summary>
    public double UniformAccuracy => 1 - (Removal.Count / (double)ExampleCount);

    /// <summary>That threshold; null where no example is right with any.</summary>
    public required double? UniformThreshold { get; init; }

    /// <summary>The weaker form with one threshold a class, for each class; null where it was not asked for.</summary>
    public IReadOnlyList<ClassSeparation>? Class { get; init; }

    /// <summary>Whether each class has a threshold that separates its examples from all others; null where it was not asked for.</summary>
    public bool? HoldsByClass => Class?.All(item => item.Holds);

    /// <summary>The thresholds that separate true from false logits; null where the principle does not hold.</summary>
    public ThresholdInterval? Threshold => Holds ? new ThresholdInterval(MaxFalseLogit, MinTrueLogit) : null;
}

using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// An n x k table of logits with labels: a source of row blocks, in memory or read again from a file or a model at every
/// pass, never assumed to fit. Everything after training works on this type, wherever the logits came from.
/// </summary>
public abstract class Logits
{
    /// <summary>A table of which nothing is known but what its properties are given.</summary>
    protected Logits()
    {
    }

    /// <summary>A table from a file.</summary>
    /// <param name="origin">The file, and what is known of it.</param>
    private protected Logits(LogitsOrigin origin)
    {
        Source = origin.Path;
        (Dataset, Split, Loss) = (origin.Dataset, origin.Split, origin.Loss);
        (Seed, LearningRate, Setting) = (origin.Seed, origin.LearningRate, origin.Setting);
        Notice = origin.Notice;
    }

    /// <summary>The number of examples, n.</summary>
    public int Count => Labels.Length;

    /// <summary>The number of examples, n, under the name that measures have it by.</summary>
    public int ExampleCount => Count;

    /// <summary>The number of classes, k.</summary>
    public int ClassCount => ClassNames.Count;

    /// <summary>The true class (a column index, 0 … k-1) of each example.</summary>
    public abstract ReadOnlyMemory<int> Labels { get; }

    /// <summary>One name for each column.</summary>
    public abstract IReadOnlyList<string> ClassNames { get; }

    /// <summary>Whether the logits are float64 at their source; float32 otherwise.</summary>
    public abstract bool IsDouble { get; }

    /// <summary>The data set that the examples belong to, where known.</summary>
    public string? Dataset { get; init; }

    /// <summary>The split that the examples are, where known.</summary>
    public Split? Split { get; init; }

    /// <summary>The loss that the model was trained with, where known.</summary>
    public string? Loss { get; init; }

    /// <summary>The parameters of its own that the loss was left with, where the logits come from a model at hand.</summary>
    internal IReadOnlyDictionary<string, Weight>? LossWeights { get; init; }

    /// <summary>The seed that the model was trained with, where known.</summary>
    public int? Seed { get; init; }

    /// <summary>The learning rate that the model was trained with, where known.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The parameters that the model was trained with, where known.</summary>
    public RunSetting? Setting { get; init; }

    /// <summary>Where the logits came from: a file's path, or null.</summary>
    public string? Source { get; init; }

    /// <summary>What reading the file gave reason to warn of.</summary>
    public IReadOnlyList<string> Notice { get; init; } = Array.Empty<string>();

    /// <summary>Starts a pass over the table. Readers of one table may be open at the same time.</summary>
    public abstract LogitReader Open();

    /// <summary>The error for a table that would have to be held in memory and is too large for an array.</summary>
    internal SlcException TooLarge(string why) => new("LogitsTooLarge", SlcErrorKind.InvalidData,
        $"{why} in memory: {Count} x {ClassCount} logits are too many. Take a part of them.");

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(' ', new[] { Dataset, Split?.ToString(), Loss, $"{Count} x {ClassCount}" }.Where(part => part is not null));
}

using LogitSeparation.Core.Losses;

namespace LogitSeparation.Core.Principle;

/// <summary>What is asked about a loss.</summary>
public sealed record AlignmentRequest
{
    /// <summary>The most examples or classes: what is made for each of them stays within some hundred megabytes.</summary>
    public const int Most = 10_000_000;

    /// <summary>The hyperparameters.</summary>
    public LossOptions Options { get; init; } = new();

    /// <summary>The number of examples of a batch, m: 1 or more.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>The number of classes, k: 2 or more.</summary>
    public int ClassCount { get; init; } = 10;

    /// <summary>
    /// The number of examples of the sample, n, m or more: the loss is its expectation over batches of m of them, each set equally
    /// likely. Null for one batch alone.
    /// </summary>
    public int? ExampleCount { get; init; }

    /// <summary>The class of each of the n (or m) examples; null for the labels of which the critical value is smallest.</summary>
    public IReadOnlyList<int>? Labels { get; init; }

    /// <summary>The number of training examples of each class, for <see cref="NoisePrior.ClassFrequency"/>.</summary>
    public IReadOnlyList<int>? ClassCounts { get; init; }

    /// <summary>The excess over the infimum that a counterexample has to be below: above 0.</summary>
    public double Below { get; init; } = 1e-6;

    /// <summary>Whether to search for violating logits with a small loss, by descent, as well.</summary>
    public bool Search { get; init; }

    /// <summary>Refuses what cannot be answered.</summary>
    /// <exception cref="SlcException"><c>InvalidLossOption</c>, <c>InvalidAlignmentRequest</c>, naming the parameter.</exception>
    internal void Validate()
    {
        Options.Validate();
        Require(Options.NegativeCount == 0, nameof(Options.NegativeCount), Options.NegativeCount,
            "0: one step's draws leave classes out, whose logits cost nothing then. The mean over the draws is the loss over all classes");
        Require(BatchSize is >= 1 and <= Most, nameof(BatchSize), BatchSize, $"a whole number from 1 to {Most}");
        Require(ClassCount is >= 2 and <= Most, nameof(ClassCount), ClassCount, $"a whole number from 2 to {Most}: one class has no false logits");
        Require(ExampleCount is null || (ExampleCount >= BatchSize && ExampleCount <= Most),
            nameof(ExampleCount), ExampleCount, $"a whole number from the batch size, {BatchSize}, to {Most}");
        Require(double.IsFinite(Below) && Below > 0, nameof(Below), Below, "a finite number above 0");
        ValidateLabels();
        ValidateCounts();
    }

    private void ValidateLabels()
    {
        if (Labels is null)
            return;
        var n = ExampleCount ?? BatchSize;
        Require(Labels.Count == n, "Label", $"a list of {Labels.Count}", $"one for each of the {n} examples");
        for (var i = 0; i < Labels.Count; i++)
        {
            var label = Labels[i];
            Require((uint)label < (uint)ClassCount, "Label", $"{label} for example {i}", $"a class from 0 to {ClassCount - 1}");
        }
    }

    private void ValidateCounts()
    {
        if (ClassCounts is null)
        {
            Require(Options.NoisePrior == NoisePrior.Uniform, nameof(Options.NoisePrior), Options.NoisePrior,
                "Uniform where nothing says how frequent the classes are; give -ClassFrequency or -Dataset");
            return;
        }

        Require(ClassCounts.Count == ClassCount,
            "ClassFrequency", $"a list of {ClassCounts.Count}", $"one number for each of the {ClassCount} classes");
        Require(ClassCounts.All(count => count >= 0) && ClassCounts.Any(count => count > 0),
            "ClassFrequency", "a list with a negative number, or of zeros alone", "the number of examples of each class");
    }

    private static void Require(bool holds, string parameter, object? value, string expected)
    {
        if (!holds)
        {
            throw new SlcException("InvalidAlignmentRequest", SlcErrorKind.InvalidArgument,
                FormattableString.Invariant($"-{parameter} is {value}, but must be {expected}."), parameter);
        }
    }
}

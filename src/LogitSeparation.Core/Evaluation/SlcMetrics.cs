using System.Text.Json.Serialization;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation.Statistics;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// The paper's measures of single logit classification (section 6): means over the classes that have positives, and accuracy.
/// These are the measures themselves; the paper's tables show one minus them. Measures that may be null always have a value where
/// logits were measured, and none where they were kept by a version that did not measure them.
/// </summary>
public sealed record SlcMetrics
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
    [JsonIgnore]
    public RunSetting? Setting { get; init; }

    /// <summary>The file that the logits were read from; null where they come from a model.</summary>
    public string? Source { get; init; }

    /// <summary>What examples were ranked by.</summary>
    public required MetricsScore Score { get; init; }

    /// <summary>The number of examples, n.</summary>
    public required int ExampleCount { get; init; }

    /// <summary>The number of classes, k.</summary>
    public required int ClassCount { get; init; }

    /// <summary>Mean average precision (step-wise, no interpolation), 0 … 1.</summary>
    public required double Auprc { get; init; }

    /// <summary>The mean area by the trapezoid rule, for comparison with work that uses it.</summary>
    public double? AuprcTrapezoid { get; init; }

    /// <summary>The mean of the highest precisions at recall 0.9 or more.</summary>
    public required double PrecisionAt90 { get; init; }

    /// <summary>The mean of the highest precisions at recall 0.99 or more.</summary>
    public required double PrecisionAt99 { get; init; }

    /// <summary>The share of examples whose largest logit (the first of equals) is the true one.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The mean of the classes' <see cref="ClassMetrics.Accuracy"/>, where <see cref="Accuracy"/> weighs classes by their numbers of examples.</summary>
    public double? BalancedAccuracy { get; init; }

    /// <summary>
    /// The share of examples whose true logit is among the five largest: fewer than five logits are before it, where of equals the
    /// earlier column comes before, as for <see cref="Accuracy"/>. 1 where k ≤ 5.
    /// </summary>
    public double? Top5Accuracy { get; init; }

    /// <summary>
    /// The largest share of examples that one threshold t, the same for all classes, gets wholly right: z_y > t ≥ every false score
    /// of the example. 1 if and only if the Principle of Logit Separation holds (where every true score is above negative infinity).
    /// </summary>
    public double? UniformAccuracy { get; init; }

    /// <summary>
    /// A threshold that <see cref="UniformAccuracy"/> is reached with: midway between the scores where the share would change, and
    /// the lowest such threshold. Null where none gets any example right.
    /// </summary>
    public double? UniformThreshold { get; init; }

    /// <summary><see cref="Auprc"/> averaged over classes by their numbers of examples, where the others weigh all classes alike.</summary>
    public double? AuprcWeighted { get; init; }

    /// <summary><see cref="AuprcTrapezoid"/> averaged over classes by their numbers of examples.</summary>
    public double? AuprcTrapezoidWeighted { get; init; }

    /// <summary><see cref="PrecisionAt90"/> averaged over classes by their numbers of examples.</summary>
    public double? PrecisionAt90Weighted { get; init; }

    /// <summary><see cref="PrecisionAt99"/> averaged over classes by their numbers of examples.</summary>
    public double? PrecisionAt99Weighted { get; init; }

    /// <summary>The mean of the classes' <see cref="ClassMetrics.BestF1"/>; a class that no threshold finds counts as 0.</summary>
    public double? BestF1 { get; init; }

    /// <summary><see cref="BestF1"/> averaged over classes by their numbers of examples.</summary>
    public double? BestF1Weighted { get; init; }

    /// <summary>The mean precision at each recall that was asked for, 0.9 and 0.99 included, in order of recall.</summary>
    public required IReadOnlyDictionary<double, double> PrecisionAtRecall { get; init; }

    /// <summary><see cref="PrecisionAtRecall"/> averaged over classes by their numbers of examples.</summary>
    public IReadOnlyDictionary<double, double> PrecisionAtRecallWeighted { get; init; } = new SortedList<double, double>();

    /// <summary>The measures of each class, by column.</summary>
    public required IReadOnlyList<ClassMetrics> Class { get; init; }

    /// <summary>The names of classes without positives: nothing can be measured for them, and the means leave them out.</summary>
    public required IReadOnlyList<string> AbsentClasses { get; init; }

    /// <summary>
    /// Bootstrap intervals of the measures over the examples, by the measure's name (<c>Auprc</c>, …, and <c>PrecisionAt50</c> for a
    /// recall of 0.5); null where none were asked for. They say how far other test examples might have changed a measure of this
    /// model, and nothing about training another. Where every resample agrees (no error at all), they have no width.
    /// </summary>
    public IReadOnlyDictionary<string, ConfidenceInterval>? Interval { get; init; }

    /// <summary>What the intervals were read from.</summary>
    internal BootstrapReplicates? Replicates { get; init; }

    /// <summary>Measures a table of logits.</summary>
    /// <param name="logits">
    /// n x k logits with labels. Infinities rank as they compare; with <see cref="MetricsScore.AllLogits"/> a row may hold one
    /// positive infinity, and not negative ones alone. With k = 1 every example is positive, and all measures are 1.
    /// </param>
    /// <param name="options">What to measure; null for single logits and recalls 0.9 and 0.99.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SlcException">
    /// <c>LogitsEmpty</c>: no example, or no class. <c>NaNLogit</c>: names the first example and class. <c>UndefinedProbability</c>:
    /// a row whose softmax has no value. <c>RecallOutOfRange</c>, <c>ReplicateCountOutOfRange</c>, <c>ConfidenceLevelOutOfRange</c>.
    /// </exception>
    public static SlcMetrics Measure(Logits logits, MetricsOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(logits);
        options ??= new MetricsOptions();
        return options.Score == MetricsScore.AllLogits ? Measure(logits, false, true, options, cancellationToken).AllLogits! : Measure(logits, true, false, options, cancellationToken).SingleLogit!;
    }

    /// <summary>Measures single logits and scores over all logits in the same pass.</summary>
    /// <param name="logits">As <see cref="Measure(Logits, MetricsOptions?, CancellationToken)"/> says.</param>
    /// <param name="options">What to measure; its score is not looked at.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SlcException">As <see cref="Measure(Logits, MetricsOptions?, CancellationToken)"/> says.</exception>
    public static (SlcMetrics SingleLogit, SlcMetrics AllLogits) MeasureBoth(
        Logits logits, MetricsOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(logits);
        var measured = Measure(logits, true, true, options ?? new MetricsOptions(), cancellationToken);
        return (measured.SingleLogit!, measured.AllLogits!);
    }

    private static EvaluationResult Measure(Logits logits, bool singleLogit, bool allLogits, MetricsOptions options, CancellationToken cancellationToken) =>
        Evaluator.Measure(logits, new EvaluationRequest(singleLogit, allLogits, options, WitnessCount: null), cancellationToken);
}

using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.Core.Thresholds;

/// <summary>Chooses thresholds for single logits: the test z > t of the paper's section 2, with t from labelled examples.</summary>
public static class ThresholdSearch
{
    /// <summary>Chooses a class's threshold among all that make a difference. Equal logits are selected together or not at all.</summary>
    /// <param name="logits">The logits to choose on: a validation split, not the one that is reported.</param>
    /// <param name="classIndex">The class's column, 0 … k-1.</param>
    /// <param name="options">What to choose for; null for the best F1. Among equals the higher threshold wins.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SlcException">
    /// <c>ClassOutOfRange</c>, <c>ClassWithoutPositives</c>, <c>PrecisionUnreachable</c> (names the highest there is),
    /// <c>RecallUnreachable</c> (only where logits are negative infinity), <c>PrecisionNotPromised</c> and <c>RecallNotPromised</c> (say how
    /// many examples would do), <c>NaNLogit</c>, or those of <see cref="ThresholdOptions"/>.
    /// </exception>
    public static ClassThreshold Measure(
        Logits logits, int classIndex, ThresholdOptions? options = null, CancellationToken cancellationToken = default) =>
        MeasureAll(logits, [classIndex], options, cancellationToken).Single()();

    /// <summary>
    /// Chooses thresholds of several classes, reading the table as few times as memory allows. Of a model only the trunk and the rows of
    /// these classes are computed.
    /// </summary>
    /// <param name="logits">As for <see cref="Measure"/>.</param>
    /// <param name="classes">The columns.</param>
    /// <param name="options">As for <see cref="Measure"/>.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>For each class what gives its threshold, or throws why there is none, so that one does not end the others.</returns>
    /// <exception cref="SlcException">As for <see cref="Measure"/>.</exception>
    public static IEnumerable<Func<ClassThreshold>> MeasureAll(
        Logits logits, IReadOnlyList<int> classes, ThresholdOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(classes);
        options ??= new();
        options.Validate();
        foreach (var j in classes)
        {
            if (j < 0 || j >= logits.ClassCount)
            {
                throw new SlcException("ClassOutOfRange", SlcErrorKind.NotFound,
                    $"There is no class {j}: the {logits.ClassCount} classes are numbered from 0.", j);
            }
        }

        return ClassScoresReader.Read(logits, classes, cancellationToken)
            .Select(item => (Func<ClassThreshold>)(() => Choose(logits.ClassNames[item.Class], item.Class, item.Scores ?? throw item.Error!, options)));
    }

    /// <summary>Chooses one threshold for all classes, from all n k logits together.</summary>
    /// <param name="logits">As for <see cref="Measure"/>.</param>
    /// <param name="options">
    /// As for <see cref="Measure"/>. Nothing can be promised: the logits of one example are not independent of each other.
    /// </param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SlcException">As for <see cref="Measure"/>, and <c>ConfidenceOfAllClasses</c>.</exception>
    public static ClassThreshold MeasureUniform(Logits logits, ThresholdOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(logits);
        options ??= new();
        options.Validate();
        if (options.Confidence is not null)
        {
            throw new SlcException("ConfidenceOfAllClasses", SlcErrorKind.InvalidArgument,
                "Nothing can be promised of one threshold for all classes, since the logits of one example depend on each other. Measure thresholds of single classes.",
                nameof(options.Confidence));
        }

        if (logits.Count == 0)
            throw new SlcException("NoExamples", SlcErrorKind.InvalidData, "There are no examples to choose a threshold on.", logits.Dataset);
        var scores = PooledScores.Read(logits, cancellationToken);
        var best = ThresholdChoice.Best([.. scores.Candidates(options.Prevalence)], options.Target, "all classes", null);
        return Describe(null, null, scores.Count, best, options, null);
    }

    private static ClassThreshold Choose(string name, int j, ClassScores scores, ThresholdOptions options)
    {
        if (scores.Positives == 0)
        {
            throw new SlcException("ClassWithoutPositives", SlcErrorKind.InvalidData,
                $"None of the {scores.Count} examples is of the class '{name}', so no threshold can be chosen for it. Choose on examples that hold the class.", name);
        }

        if (options.Confidence is { } confidence)
        {
            var (candidate, promised) = options.Target.Measure == ThresholdMeasure.Precision
                ? PromisePrecision(name, scores, options, confidence)
                : PromiseRecall(name, scores, options, confidence);
            return Calibrated(Describe(name, j, scores.Count, candidate, options, promised), scores, options);
        }

        var best = ThresholdChoice.Best([.. scores.Candidates(options.Prevalence)], options.Target, $"class '{name}'", name);
        return Calibrated(Describe(name, j, scores.Count, best, options, null), scores, options);
    }

    private static (ThresholdCandidate Candidate, double Promised) PromisePrecision(
        string name, ClassScores scores, ThresholdOptions options, double confidence)
    {
        var promise = new PrecisionPromise(scores, options.Target.Value!.Value, options.Prevalence, confidence);
        return promise.Find() is { } found ? (found, options.Target.Value.Value) : throw new SlcException("PrecisionNotPromised", SlcErrorKind.InvalidData, FormattableString.Invariant(
            $"The examples of class '{name}' ({scores.Positives} of {scores.Count}) do not promise a precision of {options.Target.Value} with confidence {confidence}. {promise.Explain()}."), name);
    }

    private static (ThresholdCandidate Candidate, double Promised) PromiseRecall(
        string name, ClassScores scores, ThresholdOptions options, double confidence)
    {
        var recall = options.Target.Value!.Value;
        var rank = RecallPromise.Rank(scores.Positives, recall, confidence);
        if (rank > 0)
        {
            return scores.BelowTrue(rank, options.Prevalence) is { } candidate
                ? (candidate, recall)
                : throw ThresholdChoice.RecallUnreachable($"class '{name}'", options.Target, name);
        }

        var needed = RecallPromise.PositivesFor(recall, confidence) is { } count
            ? FormattableString.Invariant($"{count} would")
            : "No number does for a recall of 1: ask for less";
        throw new SlcException("RecallNotPromised", SlcErrorKind.InvalidData, FormattableString.Invariant(
            $"The {scores.Positives} examples of class '{name}' do not promise a recall of {recall} with confidence {confidence}. {needed}."), name);
    }

    private static ClassThreshold Calibrated(ClassThreshold threshold, ClassScores scores, ThresholdOptions options) =>
        threshold with { Calibration = scores.Calibrate(options.Calibration, options.Prevalence) };

    private static ClassThreshold Describe(string? name, int? j, long count, ThresholdCandidate item, ThresholdOptions options, double? promised) => new()
    {
        Class = name,
        Index = j,
        Target = options.Target,
        Threshold = item.Threshold,
        Precision = item.Precision,
        Recall = item.Recall,
        F1 = item.F1,
        Selected = item.Selected,
        TruePositives = item.TruePositives,
        Positives = item.Positives,
        Count = count,
        Prevalence = options.Prevalence,
        Confidence = options.Confidence,
        Promised = promised,
    };
}

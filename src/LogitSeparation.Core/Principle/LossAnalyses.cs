using LogitSeparation.Core.Losses;

namespace LogitSeparation.Core.Principle;

/// <summary>Finds out whether a loss is aligned, with proof.</summary>
internal delegate AlignmentProof LossAnalysis(AlignmentProblem problem);

/// <summary>The losses that are analysed, by name. One that is not here is searched numerically.</summary>
internal static class LossAnalyses
{
    private static readonly Dictionary<string, LossAnalysis> Entries = new()
    {
        [CrossEntropy.Info.Name] = CrossEntropyAlignment.Analyse,
        [MaxMargin.Info.Name] = MaxMarginAlignment.Analyse,
        [SelfNormalization.Info.Name] = problem => SelfNormalizationAlignment.Analyse(problem, problem.Options.Alpha),
        [NoiseContrastive.Info.Name] = problem => problem.Options.NoiseSampling == NoiseSampling.Exact
            ? NoiseContrastiveAlignment.Analyse(problem)
            : SampledNoiseAlignment.Analyse(problem),
        [BinaryCrossEntropy.Info.Name] = BinaryCrossEntropyAlignment.Analyse,
        [BatchCrossEntropy.Info.Name] = BatchCrossEntropyAlignment.Analyse,
        [BatchMaxMargin.Info.Name] = BatchMaxMarginAlignment.Analyse,
        [ZLoss.Info.Name] = problem => problem.Options.ZWeight == 0
            ? CrossEntropyAlignment.Analyse(problem)
            : SelfNormalizationAlignment.Analyse(problem, problem.Options.ZWeight),
        [AffineBinaryCrossEntropy.Unified.Name] = problem =>
            BinaryCrossEntropyAlignment.Analyse(problem, 1, -problem.Options.InitialUnifiedBias(problem.ClassCount)),
        [AffineBinaryCrossEntropy.Sigmoid.Name] = problem =>
            BinaryCrossEntropyAlignment.Analyse(problem, problem.Options.SigmoidScale, problem.Options.SigmoidBias),
        [PriorBinaryCrossEntropy.Info.Name] = BinaryCrossEntropyAlignment.Analyse,
        [FocalBinaryCrossEntropy.Info.Name] = FocalBinaryCrossEntropyAlignment.Analyse,
        [LogitAdjustedCrossEntropy.Info.Name] = LogitAdjustedCrossEntropyAlignment.Analyse,
        [SmoothAveragePrecision.Info.Name] = SmoothAveragePrecisionAlignment.Analyse,
    };

    /// <summary>The analysis of a loss; null where there is none.</summary>
    /// <param name="name">The loss, as the catalogue spells it.</param>
    public static LossAnalysis? Find(string name) => Entries.GetValueOrDefault(name);
}

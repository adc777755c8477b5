using LogitSeparation.Core.Losses;

namespace LogitSeparation.Core.Principle;

/// <summary>Tests whether losses are aligned with the Principle of Logit Separation.</summary>
public static class AlignmentTest
{
    /// <summary>Tests a loss of the catalogue or of the user's own: by its analysis, or where it has none by a search.</summary>
    /// <param name="loss">The name of the loss.</param>
    /// <param name="request">For what batches and parameters.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SlcException">
    /// <c>UnknownLoss</c>, <c>InvalidLossOption</c>, <c>InvalidAlignmentRequest</c>, <c>SearchTooLarge</c>; <c>LossInvalid</c>, where the
    /// user's own gives no number.
    /// </exception>
    public static LossAlignment Run(string loss, AlignmentRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var info = LossCatalog.Find(loss, request.Options);
        var problem = AlignmentProblem.Of(request);
        var analysis = LossAnalyses.Find(info.Name);
        if (analysis is null)
            return ViolationSearch.Of(info, problem, cancellationToken).Judge();
        var proof = analysis(problem);
        var alignment = Proved(info, problem, proof);

        // Only a search needs libtorch.
        return request.Search
            ? alignment with { Search = ViolationSearch.Of(info, problem, cancellationToken).Against(proof) }
            : alignment;
    }

    /// <summary>What a proof says.</summary>
    private static LossAlignment Proved(LossInfo info, AlignmentProblem problem, AlignmentProof proof)
    {
        var critical = proof.Excess is { } excess ? proof.Infimum + excess : (Enclosure?)null;
        return new()
        {
            Loss = info.Name,
            Options = problem.Options,
            BatchSize = problem.BatchSize,
            ClassCount = problem.ClassCount,
            ExampleCount = problem.ExampleCount,
            Aligned = proof.Excess is not null,
            Evidence = proof.Evidence,
            Infimum = proof.Infimum.Value,
            CriticalValue = proof.Evidence == AlignmentEvidence.Certified ? critical?.Lower : critical?.Value,
            CriticalExcess = proof.Excess?.Value,
            LeastExcess = proof.LeastExcess?.Value,
            CertifiedLowerBound = critical?.Lower,
            Attained = proof.Infimum.Value + proof.AttainedExcess,
            Ratio = proof.AttainedExcess / proof.Excess?.Lower,
            Configuration = proof.Configuration,
            Note = proof.Note,
        };
    }
}

using LogitSeparation.Core.Losses;

namespace LogitSeparation.Core.Principle;

/// <summary>What an analysis of a loss starts from; validated.</summary>
/// <param name="Options">The hyperparameters.</param>
/// <param name="BatchSize">m.</param>
/// <param name="ExampleCount">n, m or more.</param>
/// <param name="ClassCount">k, 2 or more.</param>
/// <param name="ClassCounts">How often each class occurs; null where that is not known.</param>
/// <param name="Labels">The n labels; null where they may be chosen.</param>
/// <param name="Below">The excess that a counterexample has to be below.</param>
internal sealed record AlignmentProblem(
    LossOptions Options, int BatchSize, int ExampleCount, int ClassCount, IReadOnlyList<int>? ClassCounts, int[]? Labels, double Below)
{
    /// <summary>
    /// A logit that is nothing: its exponential is 0 in double beside that of any logit of ordinary size, so that a table with it has the
    /// value that the loss approaches as the logit falls.
    /// </summary>
    public const double Negligible = -1000;

    /// <summary>The labels given, or the classes in turn, for losses that treat all classes alike.</summary>
    public int[] LabelsInTurn() => Labels ?? [.. Enumerable.Range(0, ExampleCount).Select(i => i % ClassCount)];

    /// <summary>The problem of a request.</summary>
    public static AlignmentProblem Of(AlignmentRequest request)
    {
        request.Validate();
        return new(
            request.Options, request.BatchSize, request.ExampleCount ?? request.BatchSize, request.ClassCount,
            request.ClassCounts, request.Labels is null ? null : [.. request.Labels], request.Below);
    }
}

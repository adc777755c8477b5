namespace LogitSeparation.Core.Indexing.Graphs;

/// <summary>How much of the exact answer a search through a graph found, when it was made.</summary>
/// <param name="Top">How many matches were asked for.</param>
/// <param name="Effort">How many candidates were kept on the way.</param>
/// <param name="Recall">
/// The mean over classes of the share of the so many largest logits that were found, 0 to 1; an example with a logit equal to the least of
/// these counts too.
/// </param>
/// <param name="Lowest">The least such share of a class.</param>
/// <param name="ClassCount">Of how many classes; their rows of the model's head were asked.</param>
public sealed record RecallAtEffort(int Top, int Effort, double Recall, double Lowest, int ClassCount)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Recall:F3} of {Top} at effort {Effort}");
}

namespace LogitSeparation.Core.Principle;

/// <summary>A true and a false logit, of the same or different examples, that are to violate Definition 2.1.</summary>
/// <param name="TrueExample">The example of the true logit.</param>
/// <param name="FalseExample">The example of the false logit.</param>
/// <param name="FalseClass">Its class, not that example's.</param>
internal readonly record struct ViolatingPair(int TrueExample, int FalseExample, int FalseClass)
{
    /// <summary>
    /// The pair of the first two examples, or of one example alone where there is no second; the false class is the first that is
    /// not the label.
    /// </summary>
    public static ViolatingPair First(IReadOnlyList<int> labels)
    {
        var host = labels.Count > 1 ? 1 : 0;
        return new(0, host, AnyFalseClass(labels[host]));
    }

    /// <summary>A class other than the label.</summary>
    public static int AnyFalseClass(int label) => label == 0 ? 1 : 0;
}

namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>The ranks of each class's true logits among the logits of their examples: what a class's accuracies in a resample are made of.</summary>
internal sealed class RankedTruths
{
    private readonly int[] _starts;
    private readonly int[] _members;
    private readonly int[] _ranks;

    /// <summary>Sorts the examples by class.</summary>
    /// <param name="labels">n class indices, 0 … k-1.</param>
    /// <param name="classCount">The number of classes, k.</param>
    /// <param name="ranks">n ranks (see <see cref="TrueRanks"/>).</param>
    public RankedTruths(ReadOnlySpan<int> labels, int classCount, int[] ranks)
    {
        (_starts, _members) = ClassOrder.Of(labels, classCount);
        _ranks = ranks;
    }

    /// <summary>The number of examples in a resample whose true logit is the first, and among the first five.</summary>
    /// <param name="counts">How often each of the n examples is there.</param>
    /// <param name="j">The class.</param>
    public (long First, long TopFive) Count(ReadOnlySpan<int> counts, int j)
    {
        var (first, topFive) = (0L, 0L);
        foreach (var i in _members.AsSpan(_starts[j], _starts[j + 1] - _starts[j]))
        {
            first += _ranks[i] == 0 ? counts[i] : 0;
            topFive += _ranks[i] < TrueRanks.Most ? counts[i] : 0;
        }

        return (first, topFive);
    }
}

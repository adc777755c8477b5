namespace LogitSeparation.Core.Inference;

/// <summary>The matches with the largest logits of all that are offered; of equal ones those that came first.</summary>
/// <param name="count">How many are kept.</param>
public sealed class BestMatches(int count)
{
    private readonly PriorityQueue<Match, (double Logit, long Order)> _kept = new();
    private long _offered;

    /// <summary>Offers a match.</summary>
    /// <param name="match">The match.</param>
    public void Offer(Match match)
    {
        ArgumentNullException.ThrowIfNull(match);
        var priority = (match.Logit, -_offered++);
        if (_kept.Count < count)
            _kept.Enqueue(match, priority);
        else
            _kept.EnqueueDequeue(match, priority);
    }

    /// <summary>Takes those that are kept, the largest first; afterwards there are none.</summary>
    public IReadOnlyList<Match> Take()
    {
        var matches = new Match[_kept.Count];
        for (var i = matches.Length - 1; i >= 0; i--)
            matches[i] = _kept.Dequeue();
        return matches;
    }
}

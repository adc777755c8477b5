namespace LogitSeparation.Core.Inference;

/// <summary>What has the largest logits of all that is offered; of equal ones what came first.</summary>
/// <typeparam name="T">What is offered.</typeparam>
/// <param name="count">How many are kept.</param>
public sealed class LargestLogits<T>(int count)
{
    private readonly PriorityQueue<T, (double Logit, long Order)> _kept = new();
    private long _offered;

    /// <summary>Offers an item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="logit">Its logit.</param>
    public void Offer(T item, double logit)
    {
        var priority = (logit, -_offered++);
        if (_kept.Count < count)
            _kept.Enqueue(item, priority);
        else
            _kept.EnqueueDequeue(item, priority);
    }

    /// <summary>Takes those that are kept, the largest first; afterwards there are none.</summary>
    public IReadOnlyList<T> Take()
    {
        var items = new T[_kept.Count];
        for (var i = items.Length - 1; i >= 0; i--)
            items[i] = _kept.Dequeue();
        return items;
    }
}

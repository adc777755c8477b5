using LogitSeparation.Core.Inference;

namespace LogitSeparation.Core.Latency;

/// <summary>The rows of some classes: the one that is asked for, and others that lie evenly over the head.</summary>
internal sealed class SomeLogits : ClassScorer
{
    private readonly RowTable _head;
    private readonly OneLogit _one;
    private readonly int _step;

    /// <summary>Chooses how far the classes lie apart.</summary>
    /// <param name="head">All rows, which stay the caller's.</param>
    /// <param name="count">How many logits are wanted; of fewer classes all.</param>
    public SomeLogits(RowTable head, int count)
    {
        (_head, _one) = (head, new(head));
        Count = Math.Min(count, head.Count);
        _step = head.Count / Count;
    }

    /// <summary>The number of logits.</summary>
    public int Count { get; }

    /// <inheritdoc/>
    public override LatencyMethod Method => LatencyMethod.SomeLogits;

    /// <inheritdoc/>
    public override string Setup => FormattableString.Invariant($"{Count} classes");

    /// <inheritdoc/>
    public override long MemoryBytes => _head.ByteCount;

    /// <inheritdoc/>
    public override long MultiplyAddCount => _one.MultiplyAddCount;

    /// <inheritdoc/>
    public override long MultiplyAdds(int j) => (long)Count * _head.Width;

    /// <inheritdoc/>
    public override long WeightBytes(int j) => Count * _head.RowBytes;

    /// <summary>Computes all of them and gives the logits of the first.</summary>
    /// <inheritdoc/>
    public override void Score(int j, FeatureRows features, Span<double> scores)
    {
        for (var i = Count - 1; i >= 0; i--)
            _one.Score((int)((j + ((long)i * _step)) % _head.Count), features, scores);
    }
}

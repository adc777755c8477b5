using LogitSeparation.Core.Inference;

namespace LogitSeparation.Core.Latency;

/// <summary>The logits of all classes, and the log-probability of one of them where that is wanted.</summary>
/// <param name="head">All rows, which stay the caller's.</param>
/// <param name="isNormalized">Whether log-probabilities are wanted, by softmax.</param>
/// <param name="cancellation">Looked at now and then.</param>
internal sealed class AllLogits(RowTable head, bool isNormalized, CancellationToken cancellation) : ClassScorer
{
    private readonly long _before = head.MultiplyAddCount;
    private readonly LogitBlocks _blocks = new(cancellation);
    private readonly LogSums? _sums = isNormalized ? new() : null;

    /// <inheritdoc/>
    public override LatencyMethod Method => _sums is null ? LatencyMethod.AllLogits : LatencyMethod.Softmax;

    /// <inheritdoc/>
    public override long MemoryBytes => head.ByteCount;

    /// <inheritdoc/>
    public override long MultiplyAddCount => head.MultiplyAddCount - _before;

    /// <inheritdoc/>
    public override long MultiplyAdds(int j) => (long)head.Count * head.Width;

    /// <inheritdoc/>
    public override long WeightBytes(int j) => head.Count * head.RowBytes;

    /// <inheritdoc/>
    public override void Score(int j, FeatureRows features, Span<double> scores)
    {
        _sums?.Reset(features.Count);
        _blocks.Compute(head, j, features, scores, _sums);
        for (var i = 0; _sums is not null && i < features.Count; i++)
            scores[i] = _sums.LogProbability(i, scores[i]);
    }
}

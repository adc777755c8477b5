using System.Runtime.CompilerServices;
using LogitSeparation.Core.Inference;

namespace LogitSeparation.Core.Latency;

/// <summary>One row of the head, by the code that looks for matches.</summary>
/// <param name="head">All rows, which stay the caller's.</param>
internal sealed unsafe class OneLogit(RowTable head) : ClassScorer
{
    private readonly long _before = head.MultiplyAddCount;
    private float[] _logits = [];

    /// <inheritdoc/>
    public override LatencyMethod Method => LatencyMethod.OneLogit;

    /// <inheritdoc/>
    public override long MemoryBytes => head.ByteCount;

    /// <inheritdoc/>
    public override long MultiplyAddCount => head.MultiplyAddCount - _before;

    /// <inheritdoc/>
    public override long MultiplyAdds(int j) => head.Width;

    /// <inheritdoc/>
    public override long WeightBytes(int j) => head.RowBytes;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Score(int j, FeatureRows features, Span<double> scores)
    {
        if (features.Count == 1)
        {
            scores[0] = head.Logit(j, features.First);
            return;
        }

        if (_logits.Length < features.Count)
            _logits = new float[features.Count];
        head.Compute(j, 1, features, _logits);
        for (var i = 0; i < features.Count; i++)
            scores[i] = _logits[i];
    }
}

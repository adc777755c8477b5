using LogitSeparation.Core.Inference;

namespace LogitSeparation.Core.Latency.Alternatives;

/// <summary>
/// log p_j = Σ log σ(± (v_i · x + b_i)) over the inner nodes i above class j (Morin and Bengio 2005): as many rows as the class lies deep.
/// </summary>
/// <param name="method">Which tree it is.</param>
/// <param name="tree">The tree.</param>
/// <param name="nodes">k-1 rows or more, which stay the caller's.</param>
internal sealed unsafe class HierarchicalSoftmax(LatencyMethod method, ClassTree tree, RowTable nodes) : ClassScorer
{
    // 2^1000 is a float64; a product of so many factors below 2 needs one logarithm.
    private const int MostFactors = 1000;

    private readonly long _before = nodes.MultiplyAddCount;
    private float[] _logits = [];

    /// <inheritdoc/>
    public override LatencyMethod Method => method;

    /// <inheritdoc/>
    public override string Setup
    {
        get
        {
            var depths = Enumerable.Range(0, tree.ClassCount).Select(tree.Depth).ToArray();
            return FormattableString.Invariant($"depths {depths.Min()} to {depths.Max()}, mean {depths.Average():F2}");
        }
    }

    /// <inheritdoc/>
    public override long MemoryBytes => nodes.ByteCount;

    /// <inheritdoc/>
    public override long MultiplyAddCount => nodes.MultiplyAddCount - _before;

    /// <inheritdoc/>
    public override long MultiplyAdds(int j) => (long)tree.Depth(j) * nodes.Width;

    /// <inheritdoc/>
    public override long WeightBytes(int j) => tree.Depth(j) * nodes.RowBytes;

    /// <inheritdoc/>
    public override void Score(int j, FeatureRows features, Span<double> scores)
    {
        var path = tree.Path(j);
        if (features.Count == 1)
            scores[0] = ScoreOne(path, features.First);
        else
            ScoreMany(path, features, scores);
    }

    // -log σ(u) = max(-u, 0) + log(1 + e^-|u|), and the logarithms of factors are that of their product.
    private double ScoreOne(ReadOnlySpan<int> path, float* x)
    {
        var (linear, product) = (0.0, 1.0);
        for (var level = 0; level < path.Length; level++)
        {
            var u = Signed(path[level], nodes.Logit(path[level] >> 1, x));
            linear += Math.Max(-u, 0);
            product *= 1 + Math.Exp(-Math.Abs(u));
            if (level % MostFactors == MostFactors - 1)
                (linear, product) = (linear + Math.Log(product), 1);
        }

        return -(linear + Math.Log(product));
    }

    private void ScoreMany(ReadOnlySpan<int> path, FeatureRows features, Span<double> scores)
    {
        if (_logits.Length < features.Count)
            _logits = new float[features.Count];
        scores.Clear();
        foreach (var step in path)
        {
            nodes.Compute(step >> 1, 1, features, _logits);
            for (var i = 0; i < features.Count; i++)
            {
                var u = Signed(step, _logits[i]);
                scores[i] -= Math.Max(-u, 0) + Math.Log(1 + Math.Exp(-Math.Abs(u)));
            }
        }
    }

    private static double Signed(int step, float logit) => (step & 1) == 0 ? logit : -logit;
}

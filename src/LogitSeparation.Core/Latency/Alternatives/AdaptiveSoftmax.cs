using LogitSeparation.Core.Inference;

namespace LogitSeparation.Core.Latency.Alternatives;

/// <summary>
/// Adaptive softmax (Grave et al. 2017): a head of all features decides among the most frequent classes and the tails; each tail decides among
/// its classes by features that a projection has reduced, to d/4, d/16, …. A frequent class needs the head, any other one the head, its tail's
/// projection and all of its tail.
/// </summary>
internal sealed class AdaptiveSoftmax : ClassScorer
{
    private readonly ClassRanks _ranks;
    private readonly int[] _cutoffs;
    private readonly RowTable _head;
    private readonly RowTable[] _projections;
    private readonly RowTable[] _tails;
    private readonly LogitBlocks _blocks;
    private readonly LogSums _sums = new();
    private double[] _tailScores = [];
    private RowTable? _reduced;

    /// <summary>Draws weights.</summary>
    /// <param name="ranks">The classes.</param>
    /// <param name="featureCount">d.</param>
    /// <param name="cutoffs">After how many classes tails begin, rising.</param>
    /// <param name="seed">Decides the weights.</param>
    /// <param name="cancellation">Looked at now and then.</param>
    public AdaptiveSoftmax(ClassRanks ranks, int featureCount, IReadOnlyList<int> cutoffs, int seed, CancellationToken cancellation)
    {
        (_ranks, _cutoffs, _blocks) = (ranks, [.. cutoffs, ranks.Count], new(cancellation));
        _head = RandomRows.Create(_cutoffs[0] + cutoffs.Count, featureCount, seed, 0, cancellation);
        (_projections, _tails) = (new RowTable[cutoffs.Count], new RowTable[cutoffs.Count]);
        try
        {
            for (var tail = 0; tail < cutoffs.Count; tail++)
            {
                var reduced = AdaptiveCutoffs.FeaturesOf(featureCount, tail);
                _projections[tail] = RandomRows.Create(reduced, featureCount, seed, (2 * tail) + 1, cancellation);
                for (var row = 0; row < reduced; row++)
                    _projections[tail].Bias(row) = 0;
                _tails[tail] = RandomRows.Create(_cutoffs[tail + 1] - _cutoffs[tail], reduced, seed, (2 * tail) + 2, cancellation);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override LatencyMethod Method => LatencyMethod.AdaptiveSoftmax;

    /// <inheritdoc/>
    public override string Setup => _tails.Length == 0 ? "no tails"
        : $"cutoffs {string.Join(", ", _cutoffs.SkipLast(1))}; features {string.Join(", ", _tails.Select(tail => tail.Width))}";

    /// <inheritdoc/>
    public override long MemoryBytes => Tables.Sum(table => table.ByteCount);

    /// <inheritdoc/>
    public override long MultiplyAddCount => Tables.Sum(table => table.MultiplyAddCount);

    /// <summary>The rows for frequent classes, and then one for each tail.</summary>
    public RowTable Head => _head;

    /// <summary>What reduces the features, a table for each tail.</summary>
    public IReadOnlyList<RowTable> Projections => _projections;

    /// <summary>The rows of the other classes, in their order.</summary>
    public IReadOnlyList<RowTable> Tails => _tails;

    private IEnumerable<RowTable> Tables => new[] { _head }.Concat(_projections).Concat(_tails).Where(table => table is not null);

    /// <summary>The memory that the weights would take.</summary>
    /// <param name="classCount">k.</param>
    /// <param name="featureCount">d.</param>
    /// <param name="cutoffs">Rising.</param>
    public static long BytesOf(int classCount, int featureCount, IReadOnlyList<int> cutoffs)
    {
        var bytes = RowTable.BytesOf((cutoffs.Count == 0 ? classCount : cutoffs[0]) + cutoffs.Count, featureCount);
        for (var tail = 0; tail < cutoffs.Count; tail++)
        {
            var (reduced, end) = (AdaptiveCutoffs.FeaturesOf(featureCount, tail), tail + 1 < cutoffs.Count ? cutoffs[tail + 1] : classCount);
            bytes += RowTable.BytesOf(reduced, featureCount) + RowTable.BytesOf(end - cutoffs[tail], reduced);
        }

        return bytes;
    }

    /// <inheritdoc/>
    public override long MultiplyAdds(int j)
    {
        var (tail, head) = (TailOf(_ranks[j]), (long)_head.Count * _head.Width);
        return tail < 0 ? head : head + ((_projections[tail].Width + (long)_tails[tail].Count) * _tails[tail].Width);
    }

    /// <inheritdoc/>
    public override long WeightBytes(int j)
    {
        var (tail, head) = (TailOf(_ranks[j]), _head.Count * _head.RowBytes);
        return tail < 0 ? head : head + (_projections[tail].Count * _projections[tail].RowBytes) + (_tails[tail].Count * _tails[tail].RowBytes);
    }

    /// <inheritdoc/>
    public override void Score(int j, FeatureRows features, Span<double> scores)
    {
        var rank = _ranks[j];
        var tail = TailOf(rank);
        Normalize(_head, tail < 0 ? rank : _cutoffs[0] + tail, features, scores);
        if (tail < 0)
            return;
        if (_tailScores.Length < features.Count)
            _tailScores = new double[features.Count];
        Normalize(_tails[tail], rank - _cutoffs[tail], Reduce(_projections[tail], features), _tailScores);
        for (var i = 0; i < features.Count; i++)
            scores[i] += _tailScores[i];
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var table in Tables)
            table.Dispose();
        _reduced?.Dispose();
        base.Dispose();
    }

    private int TailOf(int rank)
    {
        var tail = _cutoffs.Length - 2;
        while (tail >= 0 && rank < _cutoffs[tail])
            tail--;
        return tail;
    }

    private void Normalize(RowTable rows, int target, FeatureRows features, Span<double> scores)
    {
        _sums.Reset(features.Count);
        _blocks.Compute(rows, target, features, scores, _sums);
        for (var i = 0; i < features.Count; i++)
            scores[i] = _sums.LogProbability(i, scores[i]);
    }

    // Rows of the largest tail's width have room for those of every other.
    private unsafe FeatureRows Reduce(RowTable projection, FeatureRows features)
    {
        if (_reduced is null || _reduced.Count < features.Count)
        {
            _reduced?.Dispose();
            _reduced = new(features.Count, _tails[0].Width);
        }

        var target = new Span<float>(_reduced.AsFeatures().First, features.Count * projection.Count);
        projection.Compute(0, projection.Count, features, target);
        return new(_reduced.AsFeatures().First, projection.Count, features.Count);
    }
}

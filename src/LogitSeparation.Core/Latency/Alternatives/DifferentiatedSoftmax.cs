using LogitSeparation.Core.Inference;

namespace LogitSeparation.Core.Latency.Alternatives;

/// <summary>
/// Differentiated softmax (Chen et al. 2016): classes in parts by their frequencies, each part with features of its own, the frequent ones with
/// more: the table of weights consists of blocks along its diagonal. Its normaliser needs the logits of all classes.
/// </summary>
internal sealed class DifferentiatedSoftmax : ClassScorer
{
    private const int UsualParts = 3;

    private readonly ClassRanks _ranks;
    private readonly int[] _ends;
    private readonly int[] _firstFeatures;
    private readonly RowTable[] _blocks;
    private readonly LogitBlocks _pass;
    private readonly LogSums _sums = new();

    /// <summary>Draws weights.</summary>
    /// <param name="ranks">The classes.</param>
    /// <param name="featureCount">d.</param>
    /// <param name="cutoffs">After how many classes further parts begin, rising; at most d-1.</param>
    /// <param name="seed">Decides the weights.</param>
    /// <param name="cancellation">Looked at now and then.</param>
    public DifferentiatedSoftmax(ClassRanks ranks, int featureCount, IReadOnlyList<int> cutoffs, int seed, CancellationToken cancellation)
    {
        (_ranks, _ends, _pass) = (ranks, [.. cutoffs, ranks.Count], new(cancellation));
        var widths = Widths(featureCount, _ends.Length);
        (_blocks, _firstFeatures) = (new RowTable[_ends.Length], new int[_ends.Length]);
        try
        {
            for (var part = 0; part < _ends.Length; part++)
            {
                _firstFeatures[part] = widths.Take(part).Sum();
                _blocks[part] = RandomRows.Create(_ends[part] - FirstOf(part), widths[part], seed, part, cancellation);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override LatencyMethod Method => LatencyMethod.DifferentiatedSoftmax;

    /// <inheritdoc/>
    public override string Setup =>
        $"classes {string.Join(" + ", _blocks.Select(block => block.Count))}; features {string.Join(" + ", _blocks.Select(block => block.Width))}";

    /// <inheritdoc/>
    public override long MemoryBytes => _blocks.Sum(block => block.ByteCount);

    /// <inheritdoc/>
    public override long MultiplyAddCount => _blocks.Sum(block => block.MultiplyAddCount);

    /// <summary>The blocks, for the most frequent classes first.</summary>
    public IReadOnlyList<RowTable> Blocks => _blocks;

    /// <summary>The parts that have a third of all examples each; fewer where there are too few classes or features.</summary>
    /// <param name="ranks">The classes.</param>
    /// <param name="featureCount">d.</param>
    public static int[] Thirds(ClassRanks ranks, int featureCount) =>
        [.. Enumerable.Range(1, UsualParts - 1).Select(part => ranks.Reach((double)part / UsualParts)).Where(cutoff => cutoff < ranks.Count).Distinct()
            .Take(featureCount - 1)];

    /// <summary>How many features each part has: of two neighbours the first twice as many, as far as whole numbers allow, and each at least one.</summary>
    /// <param name="featureCount">d, at least the number of parts.</param>
    /// <param name="parts">The number of parts.</param>
    public static int[] Widths(int featureCount, int parts)
    {
        var widths = new int[parts];
        var left = featureCount;
        for (var part = parts - 1; part > 0; part--)
        {
            var share = Math.Pow(2, parts - 1 - part) / (Math.Pow(2, parts) - 1);
            widths[part] = Math.Clamp((int)(featureCount * share), 1, left / (part + 1));
            left -= widths[part];
        }

        widths[0] = left;
        return widths;
    }

    /// <summary>The memory that the weights would take.</summary>
    /// <param name="classCount">k.</param>
    /// <param name="featureCount">d.</param>
    /// <param name="cutoffs">Rising.</param>
    public static long BytesOf(int classCount, int featureCount, IReadOnlyList<int> cutoffs)
    {
        int[] bounds = [0, .. cutoffs, classCount];
        return Widths(featureCount, cutoffs.Count + 1).Select((width, part) => RowTable.BytesOf(bounds[part + 1] - bounds[part], width)).Sum();
    }

    /// <inheritdoc/>
    public override long MultiplyAdds(int j) => _blocks.Sum(block => (long)block.Count * block.Width);

    /// <inheritdoc/>
    public override long WeightBytes(int j) => _blocks.Sum(block => block.Count * block.RowBytes);

    /// <inheritdoc/>
    public override void Score(int j, FeatureRows features, Span<double> scores)
    {
        var rank = _ranks[j];
        _sums.Reset(features.Count);
        for (var part = 0; part < _blocks.Length; part++)
            _pass.Compute(_blocks[part], rank - FirstOf(part), features.From(_firstFeatures[part]), scores, _sums);
        for (var i = 0; i < features.Count; i++)
            scores[i] = _sums.LogProbability(i, scores[i]);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var block in _blocks)
            block?.Dispose();
        base.Dispose();
    }

    private int FirstOf(int part) => part == 0 ? 0 : _ends[part - 1];
}

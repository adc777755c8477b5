using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Latency.Alternatives;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Latency;

/// <summary>The weights of one head in memory, and what computes with them.</summary>
internal sealed class HeadWeights : IDisposable
{
    private readonly HeadSize _size;
    private readonly CancellationToken _cancellation;
    private readonly RowTable? _rows;

    /// <summary>Makes the weights that a method needs.</summary>
    /// <param name="size">The head's size.</param>
    /// <param name="method">The method, or another that uses the same weights.</param>
    /// <param name="model">The model whose head it is; null for weights at random.</param>
    /// <param name="cancellation">Looked at now and then.</param>
    /// <exception cref="SlcException"><c>ModelWeightMissing</c>, <c>ModelWeightShape</c>, <c>OutOfMemory</c>.</exception>
    public HeadWeights(HeadSize size, LatencyMethod method, Model? model, CancellationToken cancellation)
    {
        (_size, _cancellation) = (size, cancellation);
        if (HeadSize.WeightsOf(method) == LatencyMethod.OneLogit)
        {
            _rows = model is null
                ? RandomRows.Create(size.ClassCount, size.FeatureCount, size.Request.Seed, 0, cancellation)
                : HeadRows.TakeRows(model, classes: null, isApart: true);
        }
    }

    /// <summary>Creates what computes by a method that uses these weights; the caller disposes it before them.</summary>
    public ClassScorer CreateScorer(LatencyMethod method) => method switch
    {
        LatencyMethod.OneLogit => new OneLogit(_rows!),
        LatencyMethod.SomeLogits => new SomeLogits(_rows!, _size.Request.SomeCount),
        LatencyMethod.AllLogits => new AllLogits(_rows!, isNormalized: false, _cancellation),
        LatencyMethod.Softmax => new AllLogits(_rows!, isNormalized: true, _cancellation),
        LatencyMethod.BalancedTree => new HierarchicalSoftmax(method, new BalancedTree(_size.ClassCount), _rows!),
        LatencyMethod.HuffmanTree => new HierarchicalSoftmax(method, new HuffmanTree(_size.Frequencies), _rows!),
        LatencyMethod.AdaptiveSoftmax => new AdaptiveSoftmax(_size.Ranks, _size.FeatureCount, _size.AdaptiveCutoffs, _size.Request.Seed, _cancellation),
        LatencyMethod.DifferentiatedSoftmax =>
            new DifferentiatedSoftmax(_size.Ranks, _size.FeatureCount, _size.DifferentiatedCutoffs, _size.Request.Seed, _cancellation),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "This method has no weights of a head."),
    };

    /// <inheritdoc/>
    public void Dispose() => _rows?.Dispose();
}

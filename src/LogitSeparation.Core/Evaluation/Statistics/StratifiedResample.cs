namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>
/// Draws bootstrap resamples of the examples, class by class with replacement, so that every class keeps its number of examples. A
/// resample is a count for each example: how often it was drawn.
/// </summary>
internal sealed class StratifiedResample
{
    private readonly int[] _members;
    private readonly int[] _starts;
    private readonly int _seed;

    /// <summary>Sorts the examples by class.</summary>
    /// <param name="labels">n class indices, 0 … k-1.</param>
    /// <param name="classCount">The number of classes, k.</param>
    /// <param name="seed">The user's seed.</param>
    public StratifiedResample(ReadOnlySpan<int> labels, int classCount, int seed)
    {
        _seed = seed;
        (_starts, _members) = ClassOrder.Of(labels, classCount);
    }

    /// <summary>Draws one resample; the same for the same seed, labels and index.</summary>
    /// <param name="replicate">The resample's index, from 0.</param>
    /// <param name="counts">n counts, overwritten.</param>
    public void Draw(int replicate, Span<int> counts)
    {
        counts.Clear();
        var random = new SplitMix64(StreamSeed.Derive(_seed, StreamSeed.Resample, replicate));
        for (var j = 0; j + 1 < _starts.Length; j++)
        {
            var members = _members.AsSpan(_starts[j], _starts[j + 1] - _starts[j]);
            for (var i = 0; i < members.Length; i++)
                counts[members[random.Next(members.Length)]]++;
        }
    }
}

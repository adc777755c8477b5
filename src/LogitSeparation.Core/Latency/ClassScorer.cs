using LogitSeparation.Core.Inference;

namespace LogitSeparation.Core.Latency;

/// <summary>
/// A way to answer for one class: its logit, or its log-probability where the method has a normaliser. Weights are float32, what is summed
/// up over classes or levels is float64; one thread computes. Not for several threads at once.
/// </summary>
internal abstract class ClassScorer : IDisposable
{
    /// <summary>What it is.</summary>
    public abstract LatencyMethod Method { get; }

    /// <summary>How it was set up, where there was something to choose.</summary>
    public virtual string Setup => "";

    /// <summary>The memory of its weights.</summary>
    public abstract long MemoryBytes { get; }

    /// <summary>The multiplications with an addition that were done so far: those of the weights that were in fact multiplied.</summary>
    public abstract long MultiplyAddCount { get; }

    /// <summary>The number of threads that compute.</summary>
    public virtual int ThreadCount => 1;

    /// <summary>What a class takes for one example, by the method's formula: the same as is counted.</summary>
    /// <param name="j">The class, 0 … k-1.</param>
    public abstract long MultiplyAdds(int j);

    /// <summary>The bytes of weights that are read for a class.</summary>
    /// <param name="j">The class, 0 … k-1.</param>
    public abstract long WeightBytes(int j);

    /// <summary>Answers for one class and some examples.</summary>
    /// <param name="j">The class, 0 … k-1.</param>
    /// <param name="features">n examples.</param>
    /// <param name="scores">Out: n logits or log-probabilities.</param>
    public abstract void Score(int j, FeatureRows features, Span<double> scores);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}

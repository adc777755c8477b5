using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Losses;

/// <summary>What a row's exponentials leave: the largest logit M and S = Σ_j exp(z_j - M), which is at least 1.</summary>
/// <param name="Largest">M.</param>
/// <param name="Sum">S.</param>
internal readonly record struct RowSoftmax(float Largest, double Sum)
{
    /// <summary>log S, which with M makes log Σ_j exp(z_j). Kept apart from M, since large logits would swallow it.</summary>
    public double LogSum => Math.Log(Sum);

    /// <summary>log Σ_j exp(z_j).</summary>
    public double LogNormalizer => Largest + LogSum;

    /// <summary>-log p_y (Eq. 1). The difference of the logits comes first, so that large logits cancel exactly.</summary>
    public double CrossEntropy(float trueLogit) => ((double)Largest - trueLogit) + LogSum;

    /// <summary>exp(z_j - M) of each logit of a row, and their sum in float64.</summary>
    public static RowSoftmax Exponentiate(ReadOnlySpan<float> logits, Span<float> exponentials)
    {
        var largest = TensorPrimitives.Max(logits);
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(logits);
        var results = MemoryMarshal.Cast<float, Vector<float>>(exponentials)[..vectors.Length];
        var (lowSum, highSum) = (Vector<double>.Zero, Vector<double>.Zero);
        for (var j = 0; j < vectors.Length; j++)
        {
            var e = DecayingExponential.Of(vectors[j] - new Vector<float>(largest));
            results[j] = e;
            Vector.Widen(e, out var low, out var high);
            lowSum += low;
            highSum += high;
        }

        var sum = Vector.Sum(lowSum + highSum);
        for (var j = vectors.Length * Vector<float>.Count; j < logits.Length; j++)
            sum += exponentials[j] = DecayingExponential.Of(logits[j] - largest);
        return new(largest, sum);
    }
}

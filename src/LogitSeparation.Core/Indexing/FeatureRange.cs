using System.Numerics;

namespace LogitSeparation.Core.Indexing;

/// <summary>How large features are, which bounds what keeping them in few bits does to a logit.</summary>
/// <param name="Largest">The largest magnitude of a feature.</param>
internal readonly record struct FeatureRange(float Largest)
{
    private const double SingleUnit = 1.0 / (1 << 24);
    private const double HalfUnit = 1.0 / (1 << 11);
    private const double HalfTiny = 1.0 / (1 << 25);

    /// <summary>A row whose step float32 has no number for is kept as zeros.</summary>
    private const double ByteTiny = 128 * float.Epsilon;

    /// <summary>Half a step of a range of 127 steps, and a little for the rounding of the step itself.</summary>
    private const double ByteUnit = (1 + (1.0 / (1 << 16))) / 254;

    /// <summary>
    /// The bound on |z' - z|, with z' as it is computed from kept features and z the exact sum over the features as the trunk gave them.
    /// With e the largest error of a feature and x the largest one, |z' - z| &lt;= e |w|_1 + γ (x + e)(|w|_1) + γ |b|, where |w|_1 = Σ |w_i| and γ
    /// is the rounding of the additions (N. Higham 2002, Accuracy and Stability of Numerical Algorithms, section 4.2).
    /// </summary>
    /// <param name="type">What the features are kept as.</param>
    /// <param name="weight">The class's row of the head.</param>
    /// <param name="bias">Its bias.</param>
    public double LogitError(FeatureType type, ReadOnlySpan<float> weight, float bias)
    {
        var sum = 0.0;
        foreach (var w in weight)
            sum += Math.Abs((double)w);
        var feature = type switch
        {
            FeatureType.F16 => (HalfUnit * Largest) + HalfTiny,
            FeatureType.I8 => (ByteUnit * Largest) + ByteTiny,
            _ => 0,
        };

        // A lane's additions, those of the lanes and of what is left over, the products, the scale and the bias.
        var additions = (weight.Length / (4 * Math.Min(DotProduct.Width, Vector<float>.Count))) + (5 * Math.Max(DotProduct.Width, Vector<float>.Count)) + 6;
        var gamma = additions * SingleUnit / (1 - (additions * SingleUnit));
        return (feature * sum) + (gamma * (((Largest + feature) * sum) + Math.Abs((double)bias)));
    }

    /// <summary>The range of both.</summary>
    public FeatureRange Join(FeatureRange other) => new(Math.Max(Largest, other.Largest));
}

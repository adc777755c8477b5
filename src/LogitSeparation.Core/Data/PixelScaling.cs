using System.Text.Json.Serialization;

namespace LogitSeparation.Core.Data;

/// <summary>
/// How a number of an example becomes a network input: (number - mean) / deviation, both taken over the training split, so that
/// inputs have mean 0 and variance 1. The paper leaves the scaling open. An example is g equal runs of numbers, each with a mean and a
/// deviation of its own: a colour picture has three runs, its channels; plain features have one a feature; all else has one.
/// </summary>
[JsonConverter(typeof(PixelScalingJson))]
public sealed record PixelScaling
{
    /// <summary>The scaling of examples with g runs.</summary>
    /// <param name="mean">g means.</param>
    /// <param name="deviation">g deviations, each above 0.</param>
    public PixelScaling(IReadOnlyList<double> mean, IReadOnlyList<double> deviation)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(deviation);
        if (mean.Count != deviation.Count || mean.Count == 0)
            throw new ArgumentException($"There are {mean.Count} means and {deviation.Count} deviations.", nameof(deviation));
        Mean = mean.ToArray();
        Deviation = deviation.ToArray();
    }

    /// <summary>One scaling for all numbers.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="deviation">The deviation, above 0.</param>
    public PixelScaling(double mean, double deviation)
        : this(new[] { mean }, new[] { deviation })
    {
    }

    /// <summary>The mean of each run; 0 … 255 where the numbers are bytes.</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>The standard deviation of each run, above 0.</summary>
    public IReadOnlyList<double> Deviation { get; }

    /// <summary>Whether examples of that length can be divided into the runs.</summary>
    /// <param name="exampleLength">The numbers of one example.</param>
    internal bool Fits(int exampleLength) => exampleLength % Mean.Count == 0;

    /// <summary>Whether all means are finite and all deviations finite and above 0.</summary>
    internal bool IsUsable() => Mean.All(double.IsFinite) && Deviation.All(deviation => double.IsFinite(deviation) && deviation > 0);

    /// <summary>Whether two scalings give the same inputs.</summary>
    /// <param name="other">The other.</param>
    public bool Equals(PixelScaling? other) =>
        other is not null && Mean.SequenceEqual(other.Mean) && Deviation.SequenceEqual(other.Deviation);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Mean.Count, Mean[0], Deviation[0]);
}

using System.Text.Json.Serialization;

namespace LogitSeparation.Core.Thresholds;

/// <summary>
/// What a class's logit says in probabilities: fitted to the logits of labelled examples that were not trained on, and good for new
/// examples that are drawn as these were.
/// </summary>
public sealed record Calibration
{
    /// <summary>How it was fitted.</summary>
    public required CalibrationMethod Method { get; init; }

    /// <summary>Platt's a in 1 / (1 + exp(-(a z + b))); 0 for others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Slope { get; init; }

    /// <summary>Platt's b; 0 for others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Offset { get; init; }

    /// <summary>The isotonic function's points, both of their numbers ascending; empty for others.</summary>
    public IReadOnlyList<CalibrationPoint> Point { get; init; } = Array.Empty<CalibrationPoint>();

    /// <summary>The probability that an example is of the class, 0 … 1.</summary>
    /// <param name="logit">Its logit for the class; NaN gives NaN.</param>
    public double Probability(double logit)
    {
        if (double.IsNaN(logit))
            return double.NaN;
        if (Method != CalibrationMethod.Isotonic)
            return Sigmoid(Slope == 0 ? Offset : (Slope * logit) + Offset);
        var next = FirstAbove(logit);
        if (next == 0)
            return Point[0].Probability;
        var (low, high) = (Point[next - 1], Point[Math.Min(next, Point.Count - 1)]);
        if (low.Probability == high.Probability || low.Logit == logit)
            return low.Probability;

        // Halves, as the distance of two finite logits may be infinite.
        var share = ((logit / 2) - (low.Logit / 2)) / ((high.Logit / 2) - (low.Logit / 2));
        return low.Probability + (share * (high.Probability - low.Probability));
    }

    /// <summary>The same for examples among which the class has another share (label shift): odds times a factor.</summary>
    /// <param name="oddsFactor">The odds of the new share over those of the old one, above 0.</param>
    internal Calibration Shift(double oddsFactor) => Method == CalibrationMethod.Isotonic
        ? this with { Point = Point.Select(point => point with { Probability = Shifted(point.Probability, oddsFactor) }).ToArray() }
        : this with { Offset = Offset + Math.Log(oddsFactor) };

    /// <summary>Whether it gives a probability for every logit, as one that was read from a file may not.</summary>
    internal bool IsUsable() => Method switch
    {
        CalibrationMethod.Platt => double.IsFinite(Slope) && double.IsFinite(Offset),
        CalibrationMethod.Isotonic => Point is { Count: > 0 } && Point.All(point => point is { Probability: >= 0 and <= 1 } && double.IsFinite(point.Logit))
            && Point.Zip(Point.Skip(1)).All(pair => pair.First.Logit < pair.Second.Logit && pair.First.Probability <= pair.Second.Probability),
        _ => false,
    };

    /// <inheritdoc/>
    public override string ToString() => Method == CalibrationMethod.Isotonic
        ? $"isotonic, {Point.Count} points"
        : FormattableString.Invariant($"Platt, 1 / (1 + exp(-({Slope:G6} z {(Offset < 0 ? '-' : '+')} {Math.Abs(Offset):G6})))");

    private static double Shifted(double probability, double factor) => probability * factor / (1 - probability + (probability * factor));

    private static double Sigmoid(double value) => value >= 0 ? 1 / (1 + Math.Exp(-value)) : Math.Exp(value) / (1 + Math.Exp(value));

    private int FirstAbove(double logit)
    {
        var (low, high) = (0, Point.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Point[middle].Logit > logit)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}

using LogitSeparation.Core.Thresholds;

namespace LogitSeparation.Core.Inference;

/// <summary>An example that a class's logit alone says belongs to the class.</summary>
/// <param name="Index">The example's index in its split or array; its place, from 0, among the pictures that were looked through.</param>
/// <param name="Class">The name of the class that was asked for.</param>
/// <param name="Logit">The example's logit for that class.</param>
/// <param name="Threshold">The threshold, which the logit exceeds.</param>
/// <param name="IsTrue">Whether it is the example's true class; null where that is not known.</param>
public sealed record Match(int Index, string Class, double Logit, double Threshold, bool? IsTrue)
{
    /// <summary>The picture's file; null for what is no file.</summary>
    public string? Path { get; init; }

    /// <summary>What it was found in: the data set and split, or the array; null for a picture that was looked at itself.</summary>
    public string? Source { get; init; }

    /// <summary>The probability that it is of the class, as calibrated; null where there is no calibration.</summary>
    public double? Probability { get; init; }

    /// <summary>How the probability was calibrated; null where there is none.</summary>
    public CalibrationMethod? Calibration { get; init; }

    /// <summary>By how much the logit can differ from that of the same features without rounding; null where features were not kept.</summary>
    public double? LogitError { get; init; }

    /// <summary>
    /// The share of the exact answer that such a search found when it was measured (0 to 1; NaN where so small an effort was not measured); null where the answer
    /// is exact.
    /// </summary>
    public double? Recall { get; init; }
}

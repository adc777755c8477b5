using System.Text.Json.Serialization;
using LogitSeparation.Core.Thresholds;

namespace LogitSeparation.Core.Models;

/// <summary>A threshold that a model carries with it, so that the model can be asked without its validation split.</summary>
/// <param name="Class">The class's name; null for all classes that have none of their own.</param>
/// <param name="Threshold">t of the test z > t.</param>
/// <param name="Target">What it was chosen for, in words.</param>
public sealed record KeptThreshold(
    string? Class, [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double Threshold, string Target)
{
    /// <summary>The precision or recall that was promised on new examples; null where none was.</summary>
    public double? Promised { get; init; }

    /// <summary>The probability with which it was.</summary>
    public double? Confidence { get; init; }

    /// <summary>What the class's logits say in probabilities; null where that was not fitted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Calibration? Calibration { get; init; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Class ?? "all classes"}: z > {Threshold:G6} ({Target})");
}

using System.Globalization;

namespace LogitSeparation.PowerShell;

/// <summary>The name of a file in a folder of models or logits.</summary>
/// <param name="Parts">What it is named after; parts that are not known are null.</param>
/// <param name="Seed">The seed of the training, where known: named where it is not 0.</param>
/// <param name="LearningRate">The learning rate, where known: named where the name is taken without it.</param>
/// <param name="Extension">With the dot.</param>
internal sealed record ExportName(IReadOnlyList<string?> Parts, int? Seed, double? LearningRate, string Extension)
{
    /// <summary>The names, the first that is free to be used.</summary>
    public IEnumerable<string> Variants
    {
        get
        {
            var seed = Seed is null or 0 ? null : FormattableString.Invariant($"seed{Seed}");
            var parts = Parts.Append(seed).Where(part => !string.IsNullOrEmpty(part)).ToArray();
            yield return Join(parts.Length > 0 ? parts : ["logits"]);
            if (LearningRate is { } rate)
                yield return Join([.. parts, "rate" + rate.ToString(CultureInfo.InvariantCulture)]);
        }
    }

    private string Join(IEnumerable<string?> parts) =>
        string.Concat((string.Join('-', parts) + Extension).Split(Path.GetInvalidFileNameChars()));
}

using System.Text.Json;
using LogitSeparation.Core.Data;

namespace LogitSeparation.Core.Features;

/// <summary>What features were made from, as it lies beside them: where it is the same, they need not be made again.</summary>
/// <param name="Dataset">The SHA-256 over all that decides which numbers go in, which of them are for testing, and what they are called.</param>
/// <param name="Source">The SHA-256 of the ONNX file and the files that it names, or of the model's trunk.</param>
/// <param name="Output">The name of the graph's output; null for a trunk, or where it has only one.</param>
/// <param name="Mean">What was subtracted from the numbers of an example.</param>
/// <param name="Deviation">What they were divided by.</param>
/// <param name="Files">The SHA-256 of each file of features and labels by its name; null before they are written.</param>
internal sealed record FeatureOrigin(
    string Dataset, string Source, string? Output, double[] Mean, double[] Deviation, IReadOnlyDictionary<string, string>? Files = null)
{
    /// <summary>Describes what is about to be computed.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="train">Its examples for training and validation, in the order of the files.</param>
    /// <param name="source">What computes the features.</param>
    /// <param name="output">The name of the graph's output.</param>
    public static FeatureOrigin Of(Dataset dataset, DataSplit train, FeatureSource source, string? output) =>
        new(Describe(dataset, train), source.Checksum, output, [.. source.Scaling.Mean], [.. source.Scaling.Deviation]);

    /// <summary>Whether it is the same but for the files.</summary>
    public bool IsOf(FeatureOrigin other) => Text(this) == Text(other);

    private static string Text(FeatureOrigin origin) => JsonSerializer.Serialize(origin with { Files = null });

    // The checksum of a data set is the same however its examples are divided, and that of streamed pictures whatever their size. What is
    // held out for validation does not matter, as features for training and validation lie in one file.
    private static string Describe(Dataset dataset, DataSplit train)
    {
        string[] lines =
        [
            JsonSerializer.Serialize(dataset.Identity.WithoutPlace() with { Seed = 0, ValidationCount = 0 }),
            JsonSerializer.Serialize(dataset.ExampleShape),
            JsonSerializer.Serialize(dataset.ClassNames),
            FormattableString.Invariant($"{train.Count} {dataset.Test.Count}"),
        ];
        return DatasetChecksum.Compute(lines, [.. train.Labels.Span, .. dataset.Test.Labels.Span]);
    }
}

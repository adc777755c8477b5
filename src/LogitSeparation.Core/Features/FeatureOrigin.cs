namespace LogitSeparation.Core.Features;

/// <summary>What features were made from, as it lies beside them: where it is the same, they need not be made again.</summary>
/// <param name="Dataset">The data set's checksum.</param>
/// <param name="Source">The SHA-256 of the ONNX file, or of the model's trunk.</param>
/// <param name="Output">The name of the graph's output; null for a trunk, or where it has only one.</param>
/// <param name="Mean">What was subtracted from the numbers of an example.</param>
/// <param name="Deviation">What they were divided by.</param>
/// <param name="Train">The SHA-256 of the file of training features.</param>
/// <param name="Test">The SHA-256 of the file of test features.</param>
internal sealed record FeatureOrigin(string Dataset, string Source, string? Output, double[] Mean, double[] Deviation, string Train, string Test)
{
    /// <summary>Whether it is the same but for the files.</summary>
    public bool IsOf(FeatureOrigin other) => Dataset == other.Dataset && Source == other.Source && Output == other.Output
        && Mean.AsSpan().SequenceEqual(other.Mean) && Deviation.AsSpan().SequenceEqual(other.Deviation);
}

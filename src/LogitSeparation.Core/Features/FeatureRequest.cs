using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Features;

/// <summary>What computes the features of a data set: a model's trunk, or an ONNX file.</summary>
public sealed record FeatureRequest
{
    /// <summary>The model whose trunk is used; null where an ONNX file is.</summary>
    public Model? Model { get; init; }

    /// <summary>The ONNX file; null where a model is used.</summary>
    public string? OnnxPath { get; init; }

    /// <summary>
    /// The name of what the graph gives, one of its outputs or anything that it computes on the way; null for its only output.
    /// </summary>
    public string? OutputName { get; init; }

    /// <summary>What is subtracted from the numbers of an example, one for all or one a channel; null for what the data set has.</summary>
    public IReadOnlyList<double>? PixelMean { get; init; }

    /// <summary>What they are divided by then; null for what the data set has.</summary>
    public IReadOnlyList<double>? PixelDeviation { get; init; }

    /// <summary>Where a model's trunk computes.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Refuses what cannot be.</summary>
    /// <exception cref="SlcException"><c>FeatureSourceInvalid</c>.</exception>
    internal void Validate()
    {
        Require((Model is null) != (OnnxPath is null), "Give either a model or an ONNX file.");
        Require(OnnxPath is not null || (OutputName is null && PixelMean is null && PixelDeviation is null),
            "-OutputName, -PixelMean and -PixelDeviation belong to an ONNX file; a model's trunk has its own.");
        Require((PixelMean is null) == (PixelDeviation is null) && PixelMean?.Count == PixelDeviation?.Count, "-PixelMean and -PixelDeviation need each other, with as many numbers.");
        Require(PixelMean is null || (PixelMean.Count > 0 && PixelMean.All(double.IsFinite)), "-PixelMean must be finite numbers.");
        Require(PixelDeviation is null || PixelDeviation.All(value => double.IsFinite(value) && value > 0), "-PixelDeviation must be finite numbers above 0.");
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
            throw new SlcException("FeatureSourceInvalid", SlcErrorKind.InvalidArgument, what);
    }
}

namespace LogitSeparation.Core;

/// <summary>
/// Derives the seed of each stream of random numbers from the user's seed, so that initial weights, batch order and noise
/// do not depend on one another, nor on how much was drawn before: a training can go on from any step.
/// </summary>
internal static class StreamSeed
{
    /// <summary>The stream of initial weights; its position is the index of the layer.</summary>
    public const int Weights = 1;

    /// <summary>The stream of batch orders; its position is the epoch.</summary>
    public const int Order = 2;

    /// <summary>The stream of noise classes; its position is the step.</summary>
    public const int Noise = 3;

    /// <summary>The stream of bootstrap resamples; its position is the resample's index.</summary>
    public const int Resample = 4;

    /// <summary>The stream of augmentations; its position is the epoch times the number of examples plus the example's index.</summary>
    public const int Augmentation = 5;

    /// <summary>The stream of the parts that are cut out of pictures; its position is that of <see cref="Augmentation"/>.</summary>
    public const int Crop = 6;

    /// <summary>The stream of generated class centres; its position is the class.</summary>
    public const int Centre = 7;

    /// <summary>The stream of generated examples; its position is the example.</summary>
    public const int Example = 8;

    /// <summary>The stream of what a user's own network draws; its position is the step.</summary>
    public const int Module = 9;

    /// <summary>The stream of logits from which a search for a small loss starts; its position is 0.</summary>
    public const int Adversary = 10;

    /// <summary>Which examples of a class that is added are used.</summary>
    public const int AddedExamples = 11;

    /// <summary>The stream of the weights of a head whose speed is measured; its position is the row.</summary>
    public const int LatencyWeights = 12;

    /// <summary>The stream of the features and inputs of such measurements; its position is the example.</summary>
    public const int LatencyFeatures = 13;

    /// <summary>The stream of the classes that such measurements ask for; its position is 0.</summary>
    public const int LatencyClasses = 14;

    /// <summary>A seed for <see cref="SplitMix64"/> that no other combination is likely to have.</summary>
    /// <param name="seed">The user's seed.</param>
    /// <param name="stream">Which stream.</param>
    /// <param name="position">Where in the stream.</param>
    public static ulong Derive(int seed, int stream, long position) => unchecked(
        SplitMix64.Mix(SplitMix64.Mix(SplitMix64.Mix((ulong)(uint)seed) + (ulong)stream) + (ulong)position));
}

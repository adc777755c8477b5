using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Training;

/// <summary>How one picture is varied: moved, and perhaps mirrored.</summary>
/// <param name="Down">The pixels that the picture's content moves up: row i shows row i + <paramref name="Down"/> of the original.</param>
/// <param name="Right">The pixels that the content moves left: column j of the unmirrored picture shows column j + <paramref name="Right"/>.</param>
/// <param name="IsMirrored">Whether columns then run backwards.</param>
internal readonly record struct PictureVariation(int Down, int Right, bool IsMirrored)
{
    /// <summary>Draws the variation of an example in an epoch; depends on nothing else but the user's seed.</summary>
    /// <param name="augmentation">What may be varied.</param>
    /// <param name="shift">The largest shift, in pixels.</param>
    /// <param name="seed">The example's seed in this epoch (<see cref="SeedOf"/>).</param>
    public static PictureVariation Draw(Augmentation augmentation, int shift, ulong seed)
    {
        var random = new SplitMix64(seed);
        // All is drawn in any case, so that one kind does not change the draws of the other.
        var isMirrored = random.Next(2) == 1;
        var (down, right) = (random.Next((2 * shift) + 1) - shift, random.Next((2 * shift) + 1) - shift);
        return augmentation.HasFlag(Augmentation.ShiftedCrop)
            ? new(down, right, isMirrored && augmentation.HasFlag(Augmentation.Flip))
            : new(0, 0, isMirrored && augmentation.HasFlag(Augmentation.Flip));
    }

    /// <summary>The seed of an example in an epoch.</summary>
    /// <param name="seed">The user's seed.</param>
    /// <param name="stream">Which stream of <see cref="StreamSeed"/>.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="exampleCount">The number of examples of the split.</param>
    /// <param name="index">The example's index.</param>
    public static ulong SeedOf(int seed, int stream, long epoch, int exampleCount, long index) =>
        StreamSeed.Derive(seed, stream, (epoch * exampleCount) + index);
}

using LogitSeparation.Core.Models;
using static System.FormattableString;

namespace LogitSeparation.Core.Data.Pictures;

/// <summary>How any picture becomes an example of a model: cut, scaled and converted as the pictures of its training were.</summary>
/// <param name="Channels">1 for grey, 3 for colours.</param>
/// <param name="Height">The rows.</param>
/// <param name="Width">The columns.</param>
/// <param name="Share">The share of the largest middle part's sides that is taken.</param>
internal sealed record PictureInput(int Channels, int Height, int Width, double Share)
{
    private const int BlockBytes = 32 << 20;
    private const int MostPictures = 256;

    /// <summary>The bytes of an example.</summary>
    public int Length => Channels * Height * Width;

    /// <summary>How many should be held at once.</summary>
    public int MostAtOnce => Math.Clamp(BlockBytes / Length, 1, MostPictures);

    /// <summary>How pictures become examples of a model.</summary>
    /// <exception cref="SlcException"><c>PicturesNotTaken</c>: it was trained on something else.</exception>
    public static PictureInput Of(Model model)
    {
        var shape = model.Network.InputShape;
        int[] sizes = shape.Count switch
        {
            2 => [1, shape[0], shape[1]],
            3 when shape[0] is 1 or 3 => [.. shape],
            _ => throw NotTaken(model, $"was trained on examples of {string.Join(" x ", shape)} numbers ({model.Dataset}), which are no pictures. Give it rows of numbers (-Feature)"),
        };

        // Numbers of pictures that are bytes spread wider: those from -1 to 1 have a deviation of at most 1, whatever they are.
        if (model.Scaling.Deviation.All(deviation => deviation <= 1))
        {
            throw NotTaken(model, Invariant($"was trained on numbers with a deviation of {model.Scaling.Deviation.Max():G3} ({model.Dataset}), and pixels are 0 … 255. ")
                + "Bring the pictures into the form of its training, and give rows of numbers (-Feature)");
        }

        return new(sizes[0], sizes[1], sizes[2], PictureExamples.ShareFor(sizes[0], model.Scaling));
    }

    /// <summary>Reads a picture.</summary>
    /// <param name="path">The file.</param>
    /// <param name="target"><see cref="Length"/> bytes.</param>
    /// <exception cref="SlcException">As of <see cref="PictureFile.Open"/> and <see cref="PictureFile.Read"/>.</exception>
    public void Read(string path, Span<byte> target)
    {
        using var picture = PictureFile.Open(path);
        picture.Read(PictureRegion.Centre(picture.Width, picture.Height, (double)Width / Height, Share), Width, Height, Channels, target);
    }

    private static SlcException NotTaken(Model model, string why) =>
        new("PicturesNotTaken", SlcErrorKind.InvalidArgument, $"The model '{model}' cannot be shown pictures: it {why}.", model);
}

using System.Globalization;
using LogitSeparation.Core.Formats;
using static System.FormattableString;

namespace LogitSeparation.Core.Data;

/// <summary>Examples with their labels as two files hold them: labels are any bytes, not yet class indices.</summary>
/// <param name="ImagePath">The file of images, for messages.</param>
/// <param name="LabelPath">The file of labels, for messages.</param>
/// <param name="ExampleShape">The shape of one example: channels, height, width; or the number of features alone.</param>
/// <param name="Pixels">n examples, one after the other.</param>
/// <param name="Labels">n labels.</param>
internal sealed record LabelledImages(
    string ImagePath, string LabelPath, IReadOnlyList<int> ExampleShape, byte[] Pixels, byte[] Labels)
{
    public int Count => Labels.Length;

    public int ExampleLength => Pixels.Length / Labels.Length;

    /// <summary>Reads a pair of IDX files and checks that they belong together.</summary>
    /// <exception cref="SlcException">
    /// The errors of <see cref="IdxFile.Read"/>; <c>IdxFileWrongRank</c>; <c>ExampleCountMismatch</c>.
    /// </exception>
    public static LabelledImages Read(string imagePath, string labelPath)
    {
        var labels = IdxFile.Read(labelPath);
        if (labels.Shape.Count != 1)
            throw WrongRank(labels, "labels with one dimension");

        var images = IdxFile.Read(imagePath);
        if (images.Shape.Count < 2)
            throw WrongRank(images, "images with two to four dimensions");

        if (images.Shape[0] != labels.Shape[0])
        {
            throw new SlcException("ExampleCountMismatch", SlcErrorKind.InvalidData,
                Invariant($"'{imagePath}' holds {images.Shape[0]} images and '{labelPath}' {labels.Shape[0]} labels. ")
                + "Give two files that belong together.", labelPath);
        }

        return new LabelledImages(imagePath, labelPath, ShapeOf(images.Shape), images.Data, labels.Data);
    }

    // Grey images have one channel.
    private static int[] ShapeOf(IReadOnlyList<int> shape) =>
        shape.Count == 3 ? [1, shape[1], shape[2]] : [.. shape.Skip(1)];

    private static SlcException WrongRank(IdxFile file, string expected) => new("IdxFileWrongRank", SlcErrorKind.InvalidData,
        $"'{file.Path}' holds {string.Join(" x ", file.Shape.Select(size => size.ToString(CultureInfo.InvariantCulture)))} values, where "
        + $"{expected} were expected. Check that images and labels are not exchanged.", file.Path);
}

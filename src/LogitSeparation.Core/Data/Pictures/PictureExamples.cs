namespace LogitSeparation.Core.Data.Pictures;

/// <summary>
/// Pictures that stay in their files and are decoded whenever they are needed: for training a random part (<see cref="PictureRegion.Random"/>),
/// for evaluation the middle 87.5% of the shorter side, as for Inception.
/// </summary>
internal sealed class PictureExamples(PictureList pictures, IReadOnlyList<int> shape)
    : ExampleStore(shape[0] * shape[1] * shape[2], pictures.Labels)
{
    private const double CentreShare = 0.875;

    private readonly int _channels = shape[0];
    private readonly int _height = shape[1];
    private readonly int _width = shape[2];

    /// <inheritdoc/>
    public override ExampleType Type => ExampleType.Byte;

    /// <inheritdoc/>
    public override bool IsInMemory => false;

    /// <summary>
    /// The means and deviations that are customary for ImageNet (those of torchvision's models), as measuring would decode every picture.
    /// </summary>
    public override PixelScaling Scaling => ScalingOf(_channels);

    /// <summary>The share of the largest middle part's sides that examples of a scaling were made of: less than all where they were read so from files.</summary>
    /// <param name="channels">1 or 3.</param>
    /// <param name="scaling">A model's; one that was measured is never that which is customary, to the bit.</param>
    public static double ShareFor(int channels, PixelScaling scaling) => scaling.Equals(ScalingOf(channels)) ? CentreShare : 1;

    /// <summary>The names and lengths of the files.</summary>
    public IEnumerable<string> Describe() => pictures.Describe();

    /// <inheritdoc/>
    public override void Read(int row, Span<byte> destination)
    {
        using var picture = PictureFile.Open(pictures.Paths[row]);
        var region = PictureRegion.Centre(picture.Width, picture.Height, (double)_width / _height, CentreShare);
        picture.Read(region, _width, _height, _channels, destination);
    }

    /// <inheritdoc/>
    public override void ReadForTraining(int row, ulong seed, Span<byte> destination)
    {
        var random = new SplitMix64(seed);
        using var picture = PictureFile.Open(pictures.Paths[row]);
        picture.Read(PictureRegion.Random(picture.Width, picture.Height, ref random), _width, _height, _channels, destination);
    }

    private static PixelScaling ScalingOf(int channels) => channels == 1
        ? new(0.449 * byte.MaxValue, 0.226 * byte.MaxValue)
        : new(Bytes(0.485, 0.456, 0.406), Bytes(0.229, 0.224, 0.225));

    private static double[] Bytes(params double[] shares) => Array.ConvertAll(shares, share => share * byte.MaxValue);
}

namespace LogitSeparation.Core.Data.Pictures;

/// <summary>A rectangle of a picture, in its pixels.</summary>
/// <param name="Left">The first column.</param>
/// <param name="Top">The first row.</param>
/// <param name="Width">The number of columns, at least 1.</param>
/// <param name="Height">The number of rows, at least 1.</param>
internal readonly record struct PictureRegion(int Left, int Top, int Width, int Height)
{
    private const double SmallestArea = 0.08;
    private const double WidestAspect = 4.0 / 3.0;
    private const int Attempts = 10;

    /// <summary>The whole picture.</summary>
    public static PictureRegion Whole(int width, int height) => new(0, 0, width, height);

    /// <summary>The middle of a picture, in the proportions of the result: the largest such part, or a share of its sides.</summary>
    /// <param name="width">The picture's columns.</param>
    /// <param name="height">The picture's rows.</param>
    /// <param name="aspect">The result's columns over its rows.</param>
    /// <param name="share">The share of the largest part's sides, above 0 to 1.</param>
    public static PictureRegion Centre(int width, int height, double aspect, double share)
    {
        var (w, h) = width > height * aspect ? (height * aspect, (double)height) : (width, width / aspect);
        var (columns, rows) = (Round(share * w, width), Round(share * h, height));
        return new((width - columns) / 2, (height - rows) / 2, columns, rows);
    }

    /// <summary>
    /// A part of random area (8% to all) and aspect (3/4 to 4/3, uniform in its logarithm), anywhere in the picture: the augmentation
    /// of Inception (C. Szegedy et al. 2015, Going deeper with convolutions, section 6). Where ten draws do not fit, as in very long
    /// pictures, it is the middle.
    /// </summary>
    /// <param name="width">The picture's columns.</param>
    /// <param name="height">The picture's rows.</param>
    /// <param name="random">Decides it.</param>
    public static PictureRegion Random(int width, int height, ref SplitMix64 random)
    {
        for (var i = 0; i < Attempts; i++)
        {
            var area = (double)width * height * (SmallestArea + ((1 - SmallestArea) * random.NextDouble()));
            var aspect = Math.Exp(Math.Log(WidestAspect) * ((2 * random.NextDouble()) - 1));
            var (columns, rows) = (Math.Round(Math.Sqrt(area * aspect)), Math.Round(Math.Sqrt(area / aspect)));
            if (columns >= 1 && columns <= width && rows >= 1 && rows <= height)
            {
                var left = random.Next(width - (int)columns + 1);
                return new(left, random.Next(height - (int)rows + 1), (int)columns, (int)rows);
            }
        }

        return Centre(width, height, Math.Clamp((double)width / height, 1 / WidestAspect, WidestAspect), share: 1);
    }

    private static int Round(double length, int limit) => Math.Clamp((int)Math.Round(length), 1, limit);
}

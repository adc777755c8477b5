namespace LogitSeparation.Core.Networks.Pictures;

/// <summary>The shape of a picture, or of the maps that a layer makes of it.</summary>
/// <param name="Channels">Colours, or maps.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
internal readonly record struct PictureShape(int Channels, int Height, int Width)
{
    /// <summary>The three sizes.</summary>
    public int[] ToArray() => [Channels, Height, Width];
}

using System.Buffers;
using System.Runtime.InteropServices;
using LogitSeparation.Core.Formats;
using SkiaSharp;
using static System.FormattableString;

namespace LogitSeparation.Core.Data.Pictures;

/// <summary>
/// A picture that is open for reading: JPEG (grey, colour, CMYK), PNG, WebP, BMP and GIF, as their pixels are stored: no colour profile is applied, nothing is
/// turned by what a camera noted, and transparency is dropped.
/// </summary>
internal sealed class PictureFile : IDisposable
{
    private const long MaxFileLength = 1L << 28;
    private const long MaxPixels = 1L << 26;

    // No picture of more than so many pixels for each byte of its file is made in earnest: even a blank one has its overhead.
    private const long MaxPixelsPerByte = 1 << 12;
    private const long AlwaysAllowedPixels = 1 << 20;

    private static readonly string[] Endings = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"];

    private readonly string _path;
    private readonly byte[] _content;
    private readonly GCHandle _pin;
    private readonly SKData? _data;
    private readonly SKCodec? _codec;

    private PictureFile(string path, byte[] content, int length)
    {
        _path = path;
        _content = content;
        _pin = GCHandle.Alloc(content, GCHandleType.Pinned);
        try
        {
            _data = SKData.Create(_pin.AddrOfPinnedObject(), length);
            _codec = SKCodec.Create(_data) ?? throw Damaged("it is of no known format, or its header is damaged");
            CheckSize(length);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The number of columns.</summary>
    public int Width => Info.Width;

    /// <summary>The number of rows.</summary>
    public int Height => Info.Height;

    /// <summary>Whether it has no colours.</summary>
    public bool IsGrey => Info.ColorType == SKColorType.Gray8;

    private SKImageInfo Info => _codec!.Info;

    /// <summary>Whether a name is that of a picture.</summary>
    public static bool IsName(string path) => Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a file and the picture's header.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SlcException">The errors of <see cref="InputFile.Open"/>; <c>PictureDamaged</c>.</exception>
    public static PictureFile Open(string path)
    {
        using var file = InputFile.Open(path);
        if (file.Length is 0 or > MaxFileLength)
            throw Damaged(path, Invariant($"it has {file.Length} bytes"));
        var length = (int)file.Length;
        var content = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            FileFailure.Guard(path, () => file.ReadAtLeast(content.AsSpan(0, length), length));
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(content);
            throw;
        }

        return new(path, content, length);
    }

    /// <summary>Decodes a part, scaled.</summary>
    /// <param name="region">The part.</param>
    /// <param name="width">The columns of the result.</param>
    /// <param name="height">The rows of the result.</param>
    /// <param name="channels">1 for grey, which colours become by their luma, 3 for red, green and blue.</param>
    /// <param name="target">channels x height x width bytes.</param>
    /// <exception cref="SlcException"><c>PictureDamaged</c>.</exception>
    public void Read(PictureRegion region, int width, int height, int channels, Span<byte> target)
    {
        if (channels > 1 || IsGrey)
        {
            ReadScaled(region, width, height, channels, target);
            return;
        }

        var colours = new byte[3 * width * height];
        ReadScaled(region, width, height, channels: 3, colours);
        ToGrey(colours, target);
    }

    // The luma of ITU-R BT.601 in the integers of Pillow's conversion to grey, so that both give the same bytes.
    private static void ToGrey(ReadOnlySpan<byte> colours, Span<byte> grey)
    {
        var (green, blue) = (grey.Length, 2 * grey.Length);
        for (var i = 0; i < grey.Length; i++)
            grey[i] = (byte)(((19595 * colours[i]) + (38470 * colours[green + i]) + (7471 * colours[blue + i]) + 0x8000) >> 16);
    }

    private void ReadScaled(PictureRegion region, int width, int height, int channels, Span<byte> target)
    {
        var size = ChooseSize(region, width, height);
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, Info.IsOpaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
        var pixels = ArrayPool<byte>.Shared.Rent(info.BytesSize);
        try
        {
            Decode(info, pixels);
            var (x, y) = ((double)size.Width / Width, (double)size.Height / Height);
            PictureResize.Scale(
                pixels, info.RowBytes, region.Left * x, region.Top * y, (region.Width * x, region.Height * y), (size.Width, size.Height),
                width, height, channels, target);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(pixels);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _codec?.Dispose();
        _data?.Dispose();
        if (!_pin.IsAllocated)
            return;
        _pin.Free();
        ArrayPool<byte>.Shared.Return(_content);
    }

    /// <summary>
    /// The size to decode to: JPEG gives a half, a quarter or an eighth for less than the whole, and as long as the part that is wanted
    /// is not smaller than the result, nothing is lost that scaling would not take away.
    /// </summary>
    private SKSizeI ChooseSize(PictureRegion region, int width, int height)
    {
        var full = Info.Size;
        for (var divisor = 8; divisor > 1; divisor /= 2)
        {
            if (region.Width < (long)width * divisor || region.Height < (long)height * divisor)
                continue;
            var scaled = _codec!.GetScaledDimensions(1f / divisor);
            if (scaled.Width < full.Width && (double)region.Width * scaled.Width / full.Width >= width
                && (double)region.Height * scaled.Height / full.Height >= height)
            {
                return scaled;
            }
        }

        return full;
    }

    private unsafe void Decode(SKImageInfo info, byte[] pixels)
    {
        fixed (byte* first = pixels)
        {
            var result = _codec!.GetPixels(info, (IntPtr)first, info.RowBytes, SKCodecOptions.Default);
            if (result != SKCodecResult.Success)
                throw Damaged(result == SKCodecResult.IncompleteInput ? "it ends too early" : $"decoding it gave {result}");
        }
    }

    private void CheckSize(int fileLength)
    {
        var pixels = (long)Width * Height;
        if (Width < 1 || Height < 1 || pixels > MaxPixels || pixels > Math.Max(AlwaysAllowedPixels, fileLength * MaxPixelsPerByte))
            throw Damaged(Invariant($"its header claims {Width} x {Height} pixels in {fileLength} bytes"));
    }

    private SlcException Damaged(string what) => Damaged(_path, what);

    private static SlcException Damaged(string path, string what) => new("PictureDamaged", SlcErrorKind.InvalidData,
        $"'{path}' is not a readable picture: {what}. Get the file again, or take it out of the folder.", path);
}

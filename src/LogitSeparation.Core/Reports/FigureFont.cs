using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using ScottPlot;
using SkiaSharp;

namespace LogitSeparation.Core.Reports;

/// <summary>
/// The font Inter (SIL Open Font License), carried along so that figures look the same everywhere, also where no font is installed.
/// Its files are the Avalonia resources of an assembly that is never loaded: an index (name, offset, length of each), then the
/// files.
/// </summary>
internal sealed class FigureFont : IFontResolver
{
    /// <summary>The family's name.</summary>
    public const string Family = "Inter";

    private const string CarrierName = "LogitSeparation.Core.Reports.Inter.dll";
    private const string ResourceName = "!AvaloniaResources";

    private static readonly Lazy<FigureFont> Instance = new(() => new FigureFont());

    private readonly SKTypeface _regular;
    private readonly SKTypeface _bold;

    private FigureFont()
    {
        var resources = ReadResources();
        _regular = Create(resources, "/Assets/Inter-Regular.ttf");
        _bold = Create(resources, "/Assets/Inter-SemiBold.ttf");
        Fonts.FontResolvers.Insert(0, this);
    }

    /// <summary>Makes the font known to the plotting library.</summary>
    public static void Register() => _ = Instance.Value;

    /// <summary>The letters.</summary>
    /// <param name="bold">Whether the heavier ones.</param>
    public static SKTypeface Find(bool bold) => bold ? Instance.Value._bold : Instance.Value._regular;

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        CreateTypeface(fontName, weight >= FontWeight.SemiBold, slant != FontSlant.Upright);

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
        fontName == Family ? bold ? _bold : _regular : null;

    private static SKTypeface Create(byte[] resources, string path)
    {
        using var reader = new BinaryReader(new MemoryStream(resources), Encoding.UTF8);
        var indexLength = reader.ReadInt32();
        _ = reader.ReadInt32(); // the version of the index
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var name = reader.ReadString();
            var offset = reader.ReadInt32();
            var length = reader.ReadInt32();
            if (name == path)
                return SKTypeface.FromData(SKData.CreateCopy(resources.AsSpan(sizeof(int) + indexLength + offset, length)));
        }

        throw new InvalidOperationException($"The font's package has no file '{path}'.");
    }

    private static byte[] ReadResources()
    {
        using var carrier = typeof(FigureFont).Assembly.GetManifestResourceStream(CarrierName)
            ?? throw new InvalidOperationException($"The resource '{CarrierName}' is missing.");
        using var image = new PEReader(carrier, PEStreamOptions.PrefetchEntireImage);
        var metadata = image.GetMetadataReader();
        var resource = metadata.ManifestResources.Select(metadata.GetManifestResource)
            .First(item => metadata.GetString(item.Name) == ResourceName);
        var section = image.GetSectionData(image.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress);
        var reader = section.GetReader();
        reader.Offset = checked((int)resource.Offset);
        return reader.ReadBytes(reader.ReadInt32());
    }
}

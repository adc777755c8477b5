using System.IO.Compression;

namespace LogitSeparation.Core.Data;

/// <summary>
/// The handwritten digits that the module carries in itself: the 1797 examples of the test file of "Optical Recognition of
/// Handwritten Digits" (E. Alpaydin and C. Kaynak, 1998, UCI Machine Learning Repository, doi:10.24432/C50P49, CC BY 4.0),
/// each 8 x 8 counts 0 … 16. Data/README.md has the attribution.
/// </summary>
internal static class DigitsDataset
{
    public const string Name = "Digits";
    public const int ExampleCount = 1797;

    /// <summary>
    /// The test split is the end of the file, in the source's own order. As far as that order follows the 13 writers, the
    /// split tests on other writers than those trained on, which a random split would not.
    /// </summary>
    public const int TestCount = 450;

    /// <summary>The fingerprint of its content (<see cref="DatasetChecksum"/>).</summary>
    public const string Checksum = "513c176c73a511e7625542b55128b5c19051636fe375e883458933e520942677";

    private const int Side = 8;
    private const int PixelCount = Side * Side;
    private const string Resource = "LogitSeparation.Core.Data.digits.csv.gz";

    public static DatasetInfo Info { get; } = new(
        Name, "Handwritten digits, 8 x 8, carried in the module", 10, new[] { 1, Side, Side }, ExampleCount - TestCount, TestCount,
        IsAvailable: true, Location: "embedded", Problem: null, License: "CC BY 4.0",
        Source: "E. Alpaydin, C. Kaynak (1998), Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, "
            + "doi:10.24432/C50P49");

    public static Dataset Open(DatasetRequest request)
    {
        var (train, test) = Read();
        var identity = new DatasetIdentity(Name, Path: null, DatasetChecksum.Compute(train, test), request.Seed, ValidationCount: 0);
        return DatasetAssembly.Assemble(identity, request, classNames: null, train, test);
    }

    private static (LabelledImages Train, LabelledImages Test) Read()
    {
        var pixels = new byte[ExampleCount * PixelCount];
        var labels = new byte[ExampleCount];
        using var resource = typeof(DigitsDataset).Assembly.GetManifestResourceStream(Resource)!;
        using var lines = new StreamReader(new GZipStream(resource, CompressionMode.Decompress));
        for (var row = 0; row < ExampleCount; row++)
            ParseRow(lines.ReadLine(), pixels.AsSpan(row * PixelCount, PixelCount), out labels[row]);

        const int TrainCount = ExampleCount - TestCount;
        const int Boundary = TrainCount * PixelCount;
        return (Part(pixels[..Boundary], labels[..TrainCount]), Part(pixels[Boundary..], labels[TrainCount..]));
    }

    // 64 pixels and the label, separated by commas.
    private static void ParseRow(ReadOnlySpan<char> line, Span<byte> pixels, out byte label)
    {
        foreach (ref var pixel in pixels)
        {
            var comma = line.IndexOf(',');
            pixel = byte.Parse(line[..comma], provider: null);
            line = line[(comma + 1)..];
        }

        label = byte.Parse(line, provider: null);
    }

    private static LabelledImages Part(byte[] pixels, byte[] labels) => new(Resource, Resource, new[] { 1, Side, Side }, pixels, labels);
}

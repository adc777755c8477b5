using System.Runtime.InteropServices;
using LogitSeparation.Core;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Networks;
using SkiaSharp;
using TorchSharp;

namespace LogitSeparation.Benchmarks;

/// <summary>
/// Pictures a second of the ImageNet loader, as training takes its batches, over what the codec's own decoding and scaling of the same
/// pictures gives on as many threads. The folder <c>../shared/data/imagenet</c> has the pictures.
/// </summary>
internal static class PictureBenchmark
{
    private const int Side = 299;
    private const int BatchSize = 25;
    private const int BatchesPerRound = 4;

    public static void Run()
    {
        var folder = Path.GetFullPath(Path.Combine(Environment.CurrentDirectory, "..", "shared", "data", "imagenet"));
        if (!Directory.Exists(folder))
        {
            Console.WriteLine($"pictures: '{folder}' is not there");
            return;
        }

        var dataset = DatasetCatalog.Open(new() { Path = folder, ValidationCount = 0 }, null, CancellationToken.None);
        var files = Directory.GetFiles(Path.Combine(folder, "train"), "*.JPEG", SearchOption.AllDirectories).Select(File.ReadAllBytes).ToArray();
        Measure("pictures, random part (training)", dataset, files, isTraining: true);
        Measure("pictures, middle (evaluation)", dataset, files, isTraining: false);
    }

    // A plan that ends, so that the loader does nothing more while the codec has its turn.
    private static void Measure(string what, Dataset dataset, byte[][] files, bool isTraining)
    {
        var indices = Enumerable.Range(0, BatchSize).ToArray();
        var ratio = Ratio.Measure(
            () =>
            {
                using var ahead = new ReadAhead(dataset.Train, Plan, BatchSize, Environment.ProcessorCount);
                for (var batch = 0; batch < BatchesPerRound; batch++)
                    InputTensor.FromMemory(ahead.Take().Span, ExampleType.Byte, dataset.Train.ExampleLength, dataset.Scaling, torch.CPU);
            },
            () => DecodeAndScale(files), rounds: 6, seconds: 8);
        Console.WriteLine(FormattableString.Invariant($"{what,-44} {BatchSize * BatchesPerRound / ratio.Milliseconds * 1000,9:F1} pictures/s"));
        ratio.Print(what, "decode and scale", 1 / 0.9);

        BatchPlan? Plan(long batch) => batch >= BatchesPerRound
            ? null
            : new(indices, isTraining ? Array.ConvertAll(indices, index => SplitMix64.Mix((ulong)((batch * BatchSize) + index))) : null);
    }

    private static void DecodeAndScale(byte[][] files)
    {
        var count = BatchSize * BatchesPerRound;
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            using var decoded = SKBitmap.Decode(files[i % files.Length]);
            using var scaled = decoded.Resize(new SKImageInfo(Side, Side), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.None));
            GC.KeepAlive(MemoryMarshal.GetReference(scaled.GetPixelSpan()));
        });
    }
}

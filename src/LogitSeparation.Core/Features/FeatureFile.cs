using LogitSeparation.Core.Data;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Features;

/// <summary>The features of a split as a <c>.npy</c> file (n x d, float32), written block after block as they are computed.</summary>
internal static class FeatureFile
{
    private const int MostRows = 1024;

    /// <summary>Computes and writes them.</summary>
    /// <param name="path">The file.</param>
    /// <param name="split">The examples.</param>
    /// <param name="source">What computes the features.</param>
    /// <param name="report">Called with the number of examples that are done.</param>
    /// <param name="cancellation">Looked at before each block.</param>
    /// <exception cref="SlcException"><c>FeaturesTooLarge</c>, <c>FeatureNotFinite</c>; those of the source and of writing a file.</exception>
    public static void Write(string path, DataSplit split, FeatureSource source, Action<int> report, CancellationToken cancellation) =>
        AtomicFile.Write(path, stream => Write(stream, split, source, report, cancellation), cancellation);

    private static void Write(Stream stream, DataSplit split, FeatureSource source, Action<int> report, CancellationToken cancellation)
    {
        using var reader = new BlockReader(split, source.Scaling, source.Device);
        var size = source.RowsOf(reader.RowsOf(MostRows));
        for (var first = 0; first < split.Count; first += size)
        {
            cancellation.ThrowIfCancellationRequested();
            report(first);
            using var scope = torch.NewDisposeScope();
            using var noGrad = torch.no_grad();
            var count = Math.Min(size, split.Count - first);
            var block = TorchFailure.Guard(source.Device.ToString(), () => source.Compute(reader.Read(first, count)));
            if (first == 0)
                HeaderFor(split, block.Length / count).Write(stream);
            RequireFinite(split, block, first, block.Length / count);
            RawElements.Write<float>(stream, block);
        }
    }

    // A data set of features is held in memory, so what memory cannot hold is refused before hours of computing.
    private static NpyHeader HeaderFor(DataSplit split, int d) => (long)split.Count * d <= Array.MaxLength
        ? new('f', sizeof(float), false, false, [split.Count, d])
        : throw new SlcException("FeaturesTooLarge", SlcErrorKind.InvalidData,
            $"{split.Count} x {d} features do not fit in one array. Use fewer examples, or an output with fewer features.", split.Name);

    private static void RequireFinite(DataSplit split, float[] block, int first, int d)
    {
        if (Array.FindIndex(block, value => !float.IsFinite(value)) is >= 0 and var wrong)
        {
            throw new SlcException("FeatureNotFinite", SlcErrorKind.InvalidData, FormattableString.Invariant(
                $"A feature of the {split.Name} example {first + (wrong / d)} is {block[wrong]}, which no head can be trained on. Check how examples become inputs (-PixelMean, -PixelDeviation)."), split.Name);
        }
    }
}

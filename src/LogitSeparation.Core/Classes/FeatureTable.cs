using LogitSeparation.Core.Data;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Classes;

/// <summary>The features of some examples in ordinary memory.</summary>
/// <param name="Values">n x d, row after row.</param>
/// <param name="Width">d.</param>
/// <param name="Labels">The class of each, an index into the classes of its data set.</param>
internal sealed record FeatureTable(float[] Values, int Width, int[] Labels)
{
    /// <summary>The most numbers that a table holds (1 GiB).</summary>
    public const long MostNumbers = 1L << 28;

    private const int MostRows = 1024;

    /// <summary>The number of examples, n.</summary>
    public int Count => Labels.Length;

    /// <summary>The features of one example.</summary>
    public ReadOnlySpan<float> Row(int index) => Values.AsSpan(index * Width, Width);

    /// <summary>Computes the features of some examples, and of no others.</summary>
    /// <param name="trunk">The trunk of a model.</param>
    /// <param name="model">The model.</param>
    /// <param name="parts">Data, and which of its examples are wanted; the table has those of the first, then those of the next.</param>
    /// <param name="device">Where the trunk computes.</param>
    /// <param name="cancellation">Looked at before each block.</param>
    /// <exception cref="SlcException"><c>OutOfMemory</c>, <c>TorchFailed</c>.</exception>
    public static FeatureTable Compute(
        TrainedTrunk trunk, Model model, IReadOnlyList<(DataSplit Data, int[] Rows)> parts, torch.Device device, CancellationToken cancellation)
    {
        var (d, done) = (model.FeatureCount, 0);
        var values = new float[parts.Sum(part => part.Rows.Length) * d];
        foreach (var (data, rows) in parts)
        {
            var wanted = new DataSplit(data.Name, data.Store, Array.ConvertAll(rows, data.RowOf), data.ClassCount);
            Fill(trunk, model, wanted, values.AsSpan(done * d, rows.Length * d), device, cancellation);
            done += rows.Length;
        }

        return new(values, d, [.. parts.SelectMany(part => part.Rows.Select(row => part.Data.Labels.Span[row]))]);
    }

    private static void Fill(
        TrainedTrunk trunk, Model model, DataSplit wanted, Span<float> target, torch.Device device, CancellationToken cancellation)
    {
        using var examples = new BlockReader(wanted, model.Scaling, device);
        var (size, d) = (trunk.RowsOf(examples.RowsOf(MostRows)), model.FeatureCount);
        for (var first = 0; first < wanted.Count; first += size)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            using var noGrad = torch.no_grad();
            var start = first;
            var features = TorchFailure.Guard(
                device.ToString(), () => trunk.Infer(examples.Read(start, Math.Min(size, wanted.Count - start))).cpu().contiguous().data<float>().ToArray());
            features.CopyTo(target[(first * d)..]);
        }
    }
}

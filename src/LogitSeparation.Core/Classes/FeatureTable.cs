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
    /// <summary>The most numbers that a table holds (1 GiB); of more examples every second, third, … is taken.</summary>
    public const long MostNumbers = 1L << 28;

    private const int MostRows = 1024;

    /// <summary>The number of examples, n.</summary>
    public int Count => Labels.Length;

    /// <summary>The features of one example.</summary>
    public ReadOnlySpan<float> Row(int index) => Values.AsSpan(index * Width, Width);

    /// <summary>Computes the features of the examples of a split that a condition picks.</summary>
    /// <param name="model">The model, whose trunk makes them.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="split">The split.</param>
    /// <param name="isWanted">Says of an index and its class whether it is wanted.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="cancellation">Looked at before each block.</param>
    /// <exception cref="SlcException"><c>ExampleShapeMismatch</c>, <c>OutOfMemory</c>, <c>TorchFailed</c>.</exception>
    public static FeatureTable Compute(
        Model model, Dataset dataset, Split split, Func<int, int, bool> isWanted, torch.Device device, CancellationToken cancellation)
    {
        FeatureReader.CheckShape(model, dataset);
        var (data, d) = (dataset[split], model.FeatureCount);
        var labels = data.Labels.ToArray();
        var rows = Enumerable.Range(0, labels.Length).Where(i => isWanted(i, labels[i])).ToArray();
        var stride = (int)((((long)rows.Length * d) + MostNumbers - 1) / MostNumbers);
        rows = stride <= 1 ? rows : [.. rows.Where((_, i) => i % stride == 0)];

        var values = new float[rows.Length * d];
        using var trunk = TorchFailure.Guard(device.ToString(), () => new TrainedTrunk(model, device));
        using var examples = new BlockReader(data, model.Scaling, device);
        var size = trunk.RowsOf(examples.RowsOf(MostRows));
        for (int first = 0, done = 0; done < rows.Length; first += size)
        {
            cancellation.ThrowIfCancellationRequested();
            var end = Math.Min(first + size, labels.Length);
            var until = done;
            while (until < rows.Length && rows[until] < end)
                until++;
            if (until == done)
                continue;
            Fill(trunk, examples, device, (first, end - first), rows.AsSpan(done, until - done), values.AsSpan(done * d));
            done = until;
        }

        return new(values, d, Array.ConvertAll(rows, row => labels[row]));
    }

    /// <summary>The examples of two tables.</summary>
    /// <param name="other">The other; its labels are taken as they are.</param>
    public FeatureTable Append(FeatureTable other) => new([.. Values, .. other.Values], Width, [.. Labels, .. other.Labels]);

    private static void Fill(
        TrainedTrunk trunk, BlockReader examples, torch.Device device, (int First, int Count) block, ReadOnlySpan<int> rows, Span<float> target)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var features = TorchFailure.Guard(
            device.ToString(), () => trunk.Infer(examples.Read(block.First, block.Count)).cpu().data<float>().ToArray());
        var d = features.Length / block.Count;
        for (var i = 0; i < rows.Length; i++)
            features.AsSpan((rows[i] - block.First) * d, d).CopyTo(target[(i * d)..]);
    }
}

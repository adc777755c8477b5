using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Networks;
using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>The logits that a network in training gives to the validation split, computed block by block at every pass.</summary>
/// <param name="network">The network.</param>
/// <param name="validation">The validation split on the device.</param>
/// <param name="dataset">The data set.</param>
/// <param name="cancellation">Looked at before each block.</param>
internal sealed class ValidationLogits(Network network, DeviceSplit validation, Dataset dataset, CancellationToken cancellation) : Logits
{
    private const int MostRows = 2048;

    /// <inheritdoc/>
    public override ReadOnlyMemory<int> Labels => validation.Split.Labels;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassNames => dataset.ClassNames;

    /// <inheritdoc/>
    public override bool IsDouble => false;

    /// <summary>The number of examples that a block should have.</summary>
    public int BlockRows { get; } = network.Head.RowsOf(network.Trunk.RowsOf(validation.SliceRows(MostRows)));

    /// <summary>The logits and labels of consecutive examples, on the device; they belong to the caller's scope.</summary>
    public (torch.Tensor Logits, torch.Tensor Labels) Compute(int first, int count)
    {
        var (input, labels) = validation.Slice(first, count);
        return (network.Head.Infer(network.Trunk.Infer(input)), labels);
    }

    /// <summary>The same table from its numbers.</summary>
    /// <param name="table">n x k.</param>
    public MemoryLogits Hold(float[] table) => new(table, Labels.ToArray(), ClassNames);

    /// <inheritdoc/>
    public override LogitReader Open() => new Reader(this, cancellation);

    private sealed class Reader(ValidationLogits table, CancellationToken cancellation) : LogitReader
    {
        public override void Read(int firstRow, Span<float> destination)
        {
            var k = table.ClassCount;
            var rows = destination.Length / k;
            for (var done = 0; done < rows; done += table.BlockRows)
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = torch.NewDisposeScope();
                using var noGrad = torch.no_grad();
                var count = Math.Min(table.BlockRows, rows - done);
                table.Compute(firstRow + done, count).Logits.cpu().data<float>().ToArray().CopyTo(destination.Slice(done * k, count * k));
            }
        }

        public override void Read(int firstRow, Span<double> destination)
        {
            var single = new float[destination.Length];
            Read(firstRow, single);
            for (var i = 0; i < single.Length; i++)
                destination[i] = single[i];
        }
    }
}

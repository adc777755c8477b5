using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using TorchSharp;

namespace LogitSeparation.Core.Inference;

/// <summary>The examples of a split, or of an array.</summary>
internal sealed class SplitExamples(DataSplit split, IReadOnlyList<int> shape, IReadOnlyList<string>? labels, string name, bool isTable = false) : ExampleSource(name)
{
    /// <inheritdoc/>
    internal override IEnumerable<ExampleBlock> Read(Model model, int most, CancellationToken cancellation)
    {
        CheckShape(model);
        return ReadBlocks(model, most, cancellation);
    }

    private IEnumerable<ExampleBlock> ReadBlocks(Model model, int most, CancellationToken cancellation)
    {
        using var reader = new BlockReader(split, model.Scaling, torch.CPU);
        var rows = reader.RowsOf(most);
        for (var first = 0; first < split.Count; first += rows)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(rows, split.Count - first);
            yield return new(reader.ReadRaw(first, count), split.Store.Type, NamesOf(first, count));
        }
    }

    private ExampleName[] NamesOf(int first, int count)
    {
        var names = new ExampleName[count];
        for (var i = 0; i < count; i++)
            names[i] = new(first + i, Path: null, labels?[split.Labels.Span[first + i]]);
        return names;
    }

    // Rows of numbers may be flat although the network's inputs have more dimensions.
    private void CheckShape(Model model)
    {
        var expected = model.Network.InputShape;
        if (shape.SequenceEqual(expected) || (shape.Count == 1 && isTable && shape[0] == model.Network.InputLength))
            return;
        throw new SlcException("ExampleShapeMismatch", SlcErrorKind.InvalidData,
            $"The examples of {Name} are {string.Join(" x ", shape)}, but the model was trained on {string.Join(" x ", expected)} " +
            $"({model.Dataset}). Give examples of that shape.", Name);
    }
}

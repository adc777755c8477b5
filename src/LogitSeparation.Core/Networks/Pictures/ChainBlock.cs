using LogitSeparation.Core.Onnx;
using TorchSharp;

namespace LogitSeparation.Core.Networks.Pictures;

/// <summary>Blocks one after the other.</summary>
/// <param name="blocks">The blocks; each is named by its number.</param>
internal sealed class ChainBlock(params PictureBlock[] blocks) : PictureBlock
{
    /// <inheritdoc/>
    public override PictureShape Place(string name, PictureShape input, PicturePlan plan)
    {
        for (var i = 0; i < blocks.Length; i++)
            input = blocks[i].Place(FormattableString.Invariant($"{name}.{i}"), input, plan);
        return input;
    }

    /// <inheritdoc/>
    public override torch.Tensor Compute(torch.Tensor input, bool training)
    {
        var current = input;
        foreach (var block in blocks)
        {
            // A graph holds itself what it needs; without one, a step's memory is free as soon as the next has read it.
            using var read = ReferenceEquals(current, input) ? null : current;
            current = block.Compute(current, training);
        }

        return current;
    }

    /// <inheritdoc/>
    public override string AddTo(OnnxGraph graph, string input) => blocks.Aggregate(input, (current, block) => block.AddTo(graph, current));
}

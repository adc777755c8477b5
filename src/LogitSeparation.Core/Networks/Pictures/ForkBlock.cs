using LogitSeparation.Core.Onnx;
using TorchSharp;

namespace LogitSeparation.Core.Networks.Pictures;

/// <summary>Branches that all get the same; what they make is put together, maps after maps.</summary>
/// <param name="branches">Each branch's blocks, one after the other.</param>
internal sealed class ForkBlock(params PictureBlock[][] branches) : PictureBlock
{
    private readonly ChainBlock[] _chains = Array.ConvertAll(branches, blocks => new ChainBlock(blocks));

    /// <inheritdoc/>
    public override PictureShape Place(string name, PictureShape input, PicturePlan plan)
    {
        var outputs = _chains.Select((chain, i) => chain.Place(FormattableString.Invariant($"{name}.b{i}"), input, plan)).ToArray();
        return outputs[0] with { Channels = outputs.Sum(output => output.Channels) };
    }

    /// <inheritdoc/>
    public override torch.Tensor Compute(torch.Tensor input, bool training)
    {
        var parts = Array.ConvertAll(_chains, chain => chain.Compute(input, training));
        var together = torch.cat(parts, 1);
        foreach (var part in parts)
            part.Dispose();
        return together;
    }

    /// <inheritdoc/>
    public override string AddTo(OnnxGraph graph, string input) =>
        graph.Node("Concat", Array.ConvertAll(_chains, chain => chain.AddTo(graph, input)), numbers: [("axis", 1)]);
}

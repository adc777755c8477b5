using LogitSeparation.Core.Onnx;
using TorchSharp;

namespace LogitSeparation.Core.Networks.Pictures;

/// <summary>A convolution with batch normalisation and ReLU.</summary>
/// <param name="maps">The maps that it makes.</param>
/// <param name="height">The height of the kernel.</param>
/// <param name="width">The width of the kernel.</param>
/// <param name="stride">How far the kernel moves.</param>
/// <param name="padded">Whether zeros surround the input, so that an odd kernel with stride 1 keeps the size.</param>
internal sealed class ConvolutionBlock(int maps, int height, int width, int stride = 1, bool padded = true) : PictureBlock
{
    private WeightedLayer _layer = null!;

    /// <inheritdoc/>
    public override PictureShape Place(string name, PictureShape input, PicturePlan plan)
    {
        var output = new PictureShape(maps, Size(input.Height, height), Size(input.Width, width));
        _layer = plan.AddConvolution(name, input.Channels, (height, width), output, stride, padded);
        return output;
    }

    /// <inheritdoc/>
    public override torch.Tensor Compute(torch.Tensor input, bool training) => _layer.Compute(input, training);

    /// <inheritdoc/>
    public override string AddTo(OnnxGraph graph, string input) => _layer.AddTo(graph, input);

    private int Size(int size, int kernel) => ((size + (padded ? kernel / 2 * 2 : 0) - kernel) / stride) + 1;
}

using LogitSeparation.Core.Onnx;
using TorchSharp;

namespace LogitSeparation.Core.Networks.Pictures;

/// <summary>Pooling of each map by a square window.</summary>
/// <param name="kind">What is kept of a window.</param>
/// <param name="window">The side of the window.</param>
/// <param name="stride">How far it moves.</param>
/// <param name="padded">Whether it goes over the edges, so that an odd window with stride 1 keeps the size.</param>
internal sealed class PoolingBlock(PoolingKind kind, int window, int stride, bool padded = false) : PictureBlock
{
    private readonly long _padding = padded ? window / 2 : 0;

    /// <inheritdoc/>
    public override PictureShape Place(string name, PictureShape input, PicturePlan plan)
    {
        var output = input with { Height = Size(input.Height), Width = Size(input.Width) };
        plan.AddPooling(name, $"{window} x {window} {(kind == PoolingKind.Largest ? "max" : "mean")}", output, stride);
        return output;
    }

    /// <inheritdoc/>
    public override torch.Tensor Compute(torch.Tensor input, bool training)
    {
        long[] windows = [window, window], strides = [stride, stride], paddings = [_padding, _padding];
        return kind == PoolingKind.Largest
            ? torch.nn.functional.max_pool2d(input, windows, strides: strides, padding: paddings)
            : torch.nn.functional.avg_pool2d(input, windows, strides, paddings);
    }

    /// <inheritdoc/>
    public override string AddTo(OnnxGraph graph, string input)
    {
        (string, long[])[] lists = [("kernel_shape", [window, window]), ("strides", [stride, stride]), ("pads", [_padding, _padding, _padding, _padding])];
        return kind == PoolingKind.Largest
            ? graph.Node("MaxPool", [input], lists: lists)
            : graph.Node("AveragePool", [input], numbers: [("count_include_pad", 1)], lists: lists);
    }

    private int Size(int size) => (int)((size + (2 * _padding) - window) / stride) + 1;
}

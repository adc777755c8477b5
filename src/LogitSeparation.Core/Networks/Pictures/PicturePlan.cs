namespace LogitSeparation.Core.Networks.Pictures;

/// <summary>The layers of a convolutional network while it is put together.</summary>
/// <param name="parameters">Where the parameters go.</param>
/// <param name="seed">Decides the initial weights.</param>
/// <param name="epsilon">What batch normalisation adds to the variance.</param>
internal sealed class PicturePlan(ParameterBuffer parameters, int seed, double epsilon)
{
    private readonly List<WeightedLayer> _weighted = [];
    private readonly List<NetworkLayer> _layers = [];

    /// <summary>The layers that have weights.</summary>
    public IReadOnlyList<WeightedLayer> Weighted => _weighted;

    /// <summary>All layers, as a user may want to see them.</summary>
    public IReadOnlyList<NetworkLayer> Layers => _layers;

    /// <summary>Whether what is added now takes part in training only, and nothing where logits are asked for.</summary>
    public bool IsAuxiliary { get; set; }

    /// <summary>Adds a convolution with batch normalisation and ReLU.</summary>
    /// <param name="name">Its name in a saved model.</param>
    /// <param name="channels">The channels of its input.</param>
    /// <param name="kernel">Height and width.</param>
    /// <param name="output">The shape of what it gives.</param>
    /// <param name="stride">How far the kernel moves.</param>
    /// <param name="padded">Whether zeros surround its input.</param>
    public WeightedLayer AddConvolution(string name, int channels, (int Height, int Width) kernel, PictureShape output, int stride, bool padded)
    {
        var number = _weighted.Count;
        var layer = new WeightedLayer(
            name, [output.Channels, channels, kernel.Height, kernel.Width], parameters,
            (units, inputs) => InitialWeights.Uniform(units, inputs, seed, number), stride, padded, epsilon);
        _weighted.Add(layer);

        // Every weight is used once for each place of a map.
        var products = IsAuxiliary ? 0 : layer.Parameters.First().Length * output.Height * output.Width;
        _layers.Add(new(name, $"{kernel.Height} x {kernel.Width} conv{Step(stride)}", output.ToArray(), layer.Parameters.Sum(parameter => parameter.Length), products));
        return layer;
    }

    /// <summary>Lists a layer without weights.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">What it does.</param>
    /// <param name="output">The shape of what it gives.</param>
    /// <param name="stride">How far its window moves.</param>
    public void AddPooling(string name, string kind, PictureShape output, int stride) =>
        _layers.Add(new(name, kind + Step(stride), output.ToArray(), 0, 0));

    private static string Step(int stride) => stride == 1 ? "" : $", stride {stride}";
}

using LogitSeparation.Core.Onnx;
using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>
/// The paper's convolutional network without its output layer (section 6): six convolutions of 128, 128, 256, 256, 512 and 512 maps,
/// 5 x 5 and 1 x 1 in turn, each with batch normalisation and ReLU; 3 x 3 max-pooling with stride 2 after every second one; fully
/// connected layers (one of 1024 units there), with batch normalisation and ReLU too. The paper leaves the padding open: here it keeps
/// the size, and pooling halves it, rounding up. Pictures stay channels x height x width: with the channels last, its layers took 0.9 to 1.0 of the time
/// on the CPU (benchmark "convolution").
/// </summary>
internal sealed class CnnTrunk : GraphTrunk
{
    private const int LayersPerStage = 2;

    private static readonly int[] Maps = [128, 128, 256, 256, 512, 512];

    private readonly long[] _imageShape;
    private readonly WeightedLayer[] _convolutions = new WeightedLayer[Maps.Length];
    private readonly WeightedLayer[] _dense;

    /// <summary>Creates the layers; their parameters are added to the buffer.</summary>
    /// <param name="spec">The sizes.</param>
    /// <param name="parameters">Where the parameters go.</param>
    /// <param name="seed">Decides the initial weights.</param>
    public CnnTrunk(NetworkSpec spec, ParameterBuffer parameters, int seed)
    {
        var (channels, height, width) = ImageShape(spec.InputShape);
        _imageShape = [channels, height, width];
        var layers = new List<NetworkLayer>();
        for (var i = 0; i < Maps.Length; i++)
        {
            var kernel = i % LayersPerStage == 0 ? 5 : 1;
            _convolutions[i] = Add($"trunk.conv{i}", [Maps[i], channels, kernel, kernel]);
            layers.Add(Describe(_convolutions[i], $"trunk.conv{i}", $"{kernel} x {kernel} conv, batch norm, ReLU", [Maps[i], height, width]));
            channels = Maps[i];
            if (i % LayersPerStage == LayersPerStage - 1)
            {
                (height, width) = ((height + 1) / 2, (width + 1) / 2);
                layers.Add(new($"pool{i / LayersPerStage}", "3 x 3 max-pooling, stride 2", new[] { channels, height, width }, 0, 0));
            }
        }

        var inputs = channels * height * width;
        _dense = new WeightedLayer[spec.HiddenUnit.Count];
        for (var i = 0; i < _dense.Length; i++)
        {
            _dense[i] = Add($"trunk.dense{i}", [spec.HiddenUnit[i], inputs]);
            inputs = spec.HiddenUnit[i];
            layers.Add(Describe(_dense[i], $"trunk.dense{i}", "dense, batch norm, ReLU", [inputs]));
        }

        FeatureCount = inputs;
        Layers = layers;

        WeightedLayer Add(string name, int[] shape)
        {
            var number = layers.Count;
            var layer = new WeightedLayer(name, shape, parameters, (units, columns) => InitialWeights.Uniform(units, columns, seed, number));
            foreach (var parameter in layer.Parameters)
                Track(parameter);
            return layer;
        }
    }

    /// <inheritdoc/>
    public override int FeatureCount { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<NetworkLayer> Layers { get; }

    /// <inheritdoc/>
    public override IEnumerable<Statistic> Statistics => _convolutions.Concat(_dense).SelectMany(layer => layer.Statistics);

    /// <summary>Whether examples are pictures: height x width, or channels x height x width.</summary>
    public static bool Fits(IReadOnlyList<int> inputShape) => inputShape.Count is 2 or 3;

    /// <inheritdoc/>
    public override string AddTo(OnnxGraph graph, string input)
    {
        var x = graph.Node("Reshape", [input, graph.Constant("trunk.picture", [0, .. _imageShape])]);
        for (var i = 0; i < _convolutions.Length; i++)
        {
            x = _convolutions[i].AddTo(graph, x);
            if (i % LayersPerStage == LayersPerStage - 1)
                x = graph.Node("MaxPool", [x], lists: [("kernel_shape", [3, 3]), ("strides", [2, 2]), ("pads", [1, 1, 1, 1])]);
        }

        return _dense.Aggregate(graph.Node("Flatten", [x]), (activation, layer) => layer.AddTo(graph, activation));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var layer in _convolutions.Concat(_dense))
            layer?.Dispose();
    }

    /// <inheritdoc/>
    protected override torch.Tensor Compute(torch.Tensor input, bool training)
    {
        var x = input.view([input.shape[0], .. _imageShape]);
        for (var i = 0; i < _convolutions.Length; i++)
        {
            x = _convolutions[i].Compute(x, training);
            if (i % LayersPerStage == LayersPerStage - 1)
                x = torch.nn.functional.max_pool2d(x, [3L, 3], strides: [2L, 2], padding: [1L, 1]);
        }

        x = x.flatten(1);
        foreach (var layer in _dense)
            x = layer.Compute(x, training);
        return x;
    }

    private static (int Channels, int Height, int Width) ImageShape(IReadOnlyList<int> shape) =>
        shape.Count == 2 ? (1, shape[0], shape[1]) : (shape[0], shape[1], shape[2]);

    // Every weight of a convolution is used once for each place of a map.
    private static NetworkLayer Describe(WeightedLayer layer, string name, string kind, int[] outputShape)
    {
        var places = outputShape.Skip(1).Aggregate(1L, (product, size) => product * size);
        return new(name, kind, outputShape, layer.Parameters.Sum(parameter => parameter.Length), layer.Parameters.First().Length * places);
    }
}

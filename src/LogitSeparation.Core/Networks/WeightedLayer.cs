using LogitSeparation.Core.Onnx;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>
/// A convolution or a fully connected layer, with batch normalisation and ReLU. It has no bias of its own, which the normalisation
/// would take out again.
/// </summary>
internal sealed class WeightedLayer : IDisposable
{
    /// <summary>The share of the running statistics that each batch replaces.</summary>
    private const double StatisticsRate = 0.1;

    private readonly ProductArithmetic _products;
    private readonly Parameter _weight;
    private readonly Parameter _scale;
    private readonly Parameter _shift;
    private readonly Statistic _mean;
    private readonly Statistic _variance;
    private readonly long[] _padding;
    private readonly long[] _stride;
    private readonly double _epsilon;

    /// <summary>Creates a layer; its parameters are added to the buffer.</summary>
    /// <param name="name">Its name in a saved model.</param>
    /// <param name="weightShape">Maps x channels x height x width of a convolution, or units x inputs.</param>
    /// <param name="parameters">Where the parameters go.</param>
    /// <param name="initial">Makes the initial weights of a number of rows and columns.</param>
    /// <param name="stride">How far the kernel of a convolution moves.</param>
    /// <param name="padded">Whether zeros surround the input of a convolution, so that an odd kernel with stride 1 keeps the size.</param>
    /// <param name="epsilon">What is added to the variance.</param>
    public WeightedLayer(
        string name, int[] weightShape, ParameterBuffer parameters, Func<int, int, Func<float[]>> initial, int stride = 1,
        bool padded = true, double epsilon = 1e-5)
    {
        var (units, inputs) = (weightShape[0], weightShape.Skip(1).Aggregate(1, (product, size) => product * size));
        _products = parameters.Products;
        _weight = parameters.Add($"{name}.weight", initial(units, inputs), weightShape);
        _scale = parameters.Add($"{name}.norm.weight", InitialWeights.Constant(units, 1), units);
        _shift = parameters.Add($"{name}.norm.bias", InitialWeights.Constant(units, 0), units);
        _mean = new($"{name}.norm.running_mean", 0, [units]);
        _variance = new($"{name}.norm.running_var", 1, [units]);

        _padding = weightShape.Skip(2).Select(size => padded ? size / 2 : 0L).ToArray();
        _stride = _padding.Select(_ => (long)stride).ToArray();
        _epsilon = epsilon;
    }

    /// <summary>What is trained.</summary>
    public IEnumerable<Parameter> Parameters => [_weight, _scale, _shift];

    /// <summary>What training keeps up but does not train.</summary>
    public IEnumerable<Statistic> Statistics => [_mean, _variance];

    /// <summary>The activations.</summary>
    /// <param name="input">m x channels x height x width, or m x inputs.</param>
    /// <param name="training">Whether to normalise by the batch.</param>
    public torch.Tensor Compute(torch.Tensor input, bool training)
    {
        // What the graph needs of the product it holds itself; without one, its memory is free for the next layer.
        var products = training ? _products : ProductArithmetic.Exact;
        using var product = _padding.Length > 0
            ? products.Convolve(input, _weight.Value, _stride, _padding)
            : products.Multiply(input, _weight.Value.t());
        return torch.nn.functional.batch_norm(
            product, _mean.Value, _variance.Value, _scale.Value, _shift.Value, training, StatisticsRate, _epsilon).relu_();
    }

    /// <summary>Adds the layer to a graph, normalised by the statistics of training, which go into weights and offsets.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">The name of the input there.</param>
    /// <returns>The name of the activations there.</returns>
    public string AddTo(OnnxGraph graph, string input)
    {
        var factor = _variance.Value.Plus(_epsilon).rsqrt_().mul_(_scale.Value);
        var offset = graph.Constant($"{_weight.Name}.offset", _shift.Value - (_mean.Value * factor));
        var weight = graph.Constant(_weight.Name, _weight.Value * factor.view([-1, .. _weight.Shape.Skip(1).Select(_ => 1L)]));
        var product = _padding.Length > 0
            ? graph.Node("Conv", [input, weight, offset], lists: [("strides", _stride), ("pads", [.. _padding, .. _padding])])
            : graph.Product(input, weight, offset);
        return graph.Node("Relu", [product]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _mean.Dispose();
        _variance.Dispose();
    }
}

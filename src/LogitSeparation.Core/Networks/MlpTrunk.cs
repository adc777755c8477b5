using LogitSeparation.Core.Onnx;
using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>
/// The paper's MLP without its output layer (section 6): fully connected layers (two of 500 units there), each with batch
/// normalisation and ReLU.
/// </summary>
internal sealed class MlpTrunk : Trunk
{
    private readonly DenseLayer[] _layers;

    /// <summary>Creates the layers; their parameters are added to the buffer.</summary>
    /// <param name="spec">The sizes.</param>
    /// <param name="parameters">Where the parameters go.</param>
    /// <param name="seed">Decides the initial weights.</param>
    public MlpTrunk(NetworkSpec spec, ParameterBuffer parameters, int seed)
    {
        var inputs = spec.InputLength;
        _layers = new DenseLayer[spec.HiddenUnit.Count];
        var layers = new NetworkLayer[_layers.Length];
        for (var i = 0; i < _layers.Length; i++)
        {
            var units = spec.HiddenUnit[i];
            var name = FormattableString.Invariant($"trunk.{i}");
            var weight = parameters.Add($"{name}.weight", InitialWeights.Uniform(units, inputs, seed, layer: i), units, inputs);
            var scale = parameters.Add($"{name}.norm.weight", InitialWeights.Constant(units, 1), units);
            var shift = parameters.Add($"{name}.norm.bias", InitialWeights.Constant(units, 0), units);
            _layers[i] = new(weight, new($"{name}.norm", scale, shift), parameters.Products);
            layers[i] = new(name, "dense, batch norm, ReLU", new[] { units }, weight.Length + scale.Length + shift.Length, weight.Length);
            inputs = units;
        }

        FeatureCount = inputs;
        Layers = layers;
    }

    /// <inheritdoc/>
    public override int FeatureCount { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<NetworkLayer> Layers { get; }

    /// <inheritdoc/>
    public override IEnumerable<Statistic> Statistics => _layers.SelectMany(layer => layer.Statistics);

    /// <inheritdoc/>
    public override torch.Tensor Forward(torch.Tensor input) =>
        _layers.Aggregate(input, (activation, layer) => layer.Forward(activation));

    /// <inheritdoc/>
    public override torch.Tensor Infer(torch.Tensor input) =>
        _layers.Aggregate(input, (activation, layer) => layer.Infer(activation));

    /// <inheritdoc/>
    public override string AddTo(OnnxGraph graph, string input) =>
        _layers.Aggregate(input, (activation, layer) => layer.AddTo(graph, activation));

    /// <inheritdoc/>
    public override void Backward(torch.Tensor gradient, double beta, torch.Tensor? auxiliaryGradient = null)
    {
        for (var i = _layers.Length - 1; i >= 0; i--)
            gradient = _layers[i].Backward(gradient, beta, needsInput: i > 0)!;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var layer in _layers)
            layer.Dispose();
    }
}

using LogitSeparation.Core.Onnx;
using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>
/// A fully connected layer with batch normalisation and ReLU. It has no bias of its own, which the normalisation would take
/// out again. Forward and backward are written out, since on small batches a graph's bookkeeping costs as much as its
/// arithmetic.
/// </summary>
internal sealed class DenseLayer : IDisposable
{
    private readonly Parameter _weight;
    private readonly BatchNorm _norm;
    private readonly ProductArithmetic _products;
    private torch.Tensor? _input;

    /// <summary>Creates a layer.</summary>
    /// <param name="weight">W, units x inputs.</param>
    /// <param name="norm">What follows the matrix product.</param>
    /// <param name="products">How it multiplies in training.</param>
    public DenseLayer(Parameter weight, BatchNorm norm, ProductArithmetic products)
    {
        _weight = weight;
        _norm = norm;
        _products = products;
    }

    /// <summary>What training keeps up but does not train.</summary>
    public IEnumerable<Statistic> Statistics => _norm.Statistics;

    /// <summary>The activations of a training batch.</summary>
    /// <param name="input">m x inputs, m ≥ 2.</param>
    /// <returns>m x units.</returns>
    public torch.Tensor Forward(torch.Tensor input)
    {
        _input = input;
        return _norm.Forward(_products.Multiply(input, _weight.Value.t()));
    }

    /// <summary>Gathers this layer's gradients, as <see cref="Trunk.Backward"/> says.</summary>
    /// <param name="gradient">The derivative by the activations, m x units; overwritten.</param>
    /// <param name="beta">0 to 1.</param>
    /// <param name="needsInput">Whether the derivative by the input is wanted.</param>
    /// <returns>The derivative by the input, m x inputs; null where it is not wanted.</returns>
    public torch.Tensor? Backward(torch.Tensor gradient, double beta, bool needsInput)
    {
        if (_input is null)
            throw new InvalidOperationException("A backward pass needs a forward pass before it.");
        var product = _norm.Backward(gradient, beta);
        _products.AddProduct(_weight.Gradient, product.t(), _input, beta);
        _input = null;
        return needsInput ? _products.Multiply(product, _weight.Value) : null;
    }

    /// <summary>
    /// The activations by the running statistics. Normalisation and matrix product are one affine map then, taken together.
    /// </summary>
    /// <param name="input">n x inputs.</param>
    /// <returns>n x units.</returns>
    public torch.Tensor Infer(torch.Tensor input)
    {
        var (factor, offset) = _norm.Fold();
        return torch.addmm(offset, input, (_weight.Value * factor.unsqueeze(1)).t(), 1, 1).relu_();
    }

    /// <summary>Adds what <see cref="Infer"/> computes to a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">The name of the input there.</param>
    /// <returns>The name of the activations there.</returns>
    public string AddTo(OnnxGraph graph, string input)
    {
        var (factor, offset) = _norm.Fold();
        var product = graph.Product(
            input, graph.Constant(_weight.Name, _weight.Value * factor.unsqueeze(1)), graph.Constant($"{_weight.Name}.offset", offset));
        return graph.Node("Relu", [product]);
    }

    /// <inheritdoc/>
    public void Dispose() => _norm.Dispose();
}

using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>
/// A trunk whose backward pass libtorch derives from the forward pass: for networks whose products take so much longer than the
/// bookkeeping that writing the pass out would gain nothing.
/// </summary>
internal abstract class GraphTrunk : Trunk
{
    private readonly List<Parameter> _parameters = [];
    private torch.Tensor? _features;
    private torch.Tensor? _auxiliaryFeatures;

    /// <inheritdoc/>
    public sealed override torch.Tensor? AuxiliaryFeatures => _auxiliaryFeatures?.detach();

    /// <inheritdoc/>
    public sealed override torch.Tensor Forward(torch.Tensor input)
    {
        using var graph = torch.enable_grad();
        foreach (var parameter in _parameters)
            Leaf(parameter).requires_grad = true;
        (_features, _auxiliaryFeatures) = ComputeBatch(input);
        return _features.detach();
    }

    /// <inheritdoc/>
    public sealed override void Backward(torch.Tensor gradient, double beta, torch.Tensor? auxiliaryGradient = null)
    {
        if (_features is null)
            throw new InvalidOperationException("A backward pass needs a forward pass before it.");

        // Autograd adds to a gradient that is there already, so the gathered one is handed to it.
        foreach (var parameter in _parameters)
        {
            parameter.Gradient.MultiplyInPlace(beta);
            Leaf(parameter).grad = parameter.Gradient;
        }

        // Both ends at once: the part of the graph that they share is gone through once.
        if (_auxiliaryFeatures is not null && auxiliaryGradient is not null)
            torch.autograd.backward([_features, _auxiliaryFeatures], [gradient, auxiliaryGradient]);
        else
            _features.backward([gradient]);
        foreach (var parameter in _parameters)
            Leaf(parameter).grad = null;
        _features = _auxiliaryFeatures = null;
    }

    /// <inheritdoc/>
    public sealed override torch.Tensor Infer(torch.Tensor input)
    {
        using var noGrad = torch.no_grad();
        return Compute(input, training: false);
    }

    /// <summary>Adds a parameter that the graph is to derive.</summary>
    protected Parameter Track(Parameter parameter)
    {
        _parameters.Add(parameter);
        return parameter;
    }

    /// <summary>The tensor that the graph knows a parameter by; it shares the parameter's memory.</summary>
    protected virtual torch.Tensor Leaf(Parameter parameter) => parameter.Value;

    /// <summary>The features of a training batch, and those of an auxiliary head where there is one.</summary>
    /// <param name="input">m x (numbers of an example).</param>
    protected virtual (torch.Tensor Features, torch.Tensor? Auxiliary) ComputeBatch(torch.Tensor input) => (Compute(input, training: true), null);

    /// <summary>The features.</summary>
    /// <param name="input">m x (numbers of an example).</param>
    /// <param name="training">Whether batch normalisation goes by the batch, and keeps up its running statistics.</param>
    /// <returns>m x d.</returns>
    protected abstract torch.Tensor Compute(torch.Tensor input, bool training);
}

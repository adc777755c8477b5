using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>
/// A fully connected layer with batch normalisation and ReLU: h = max(0, γ n + β), n = (a - mean a) / sqrt(var a + ε),
/// a = x Wᵀ. It has no bias of its own, which the normalisation would take out again. Forward and backward are written out,
/// since on small batches a graph's bookkeeping costs as much as its arithmetic.
/// </summary>
internal sealed class DenseLayer : IDisposable
{
    private const double Epsilon = 1e-5;
    private const double StatisticsRate = 0.1;

    private readonly Parameter _weight;
    private readonly Parameter _scale;
    private readonly Parameter _shift;
    private readonly Statistic _runningMean;
    private readonly Statistic _runningVariance;

    private torch.Tensor? _input;
    private torch.Tensor? _normalized;
    private torch.Tensor? _inverseDeviation;
    private torch.Tensor? _output;

    /// <summary>Creates a layer.</summary>
    /// <param name="name">Its name in a saved model.</param>
    /// <param name="weight">W, units x inputs.</param>
    /// <param name="scale">γ, one a unit.</param>
    /// <param name="shift">β, one a unit.</param>
    public DenseLayer(string name, Parameter weight, Parameter scale, Parameter shift)
    {
        _weight = weight;
        _scale = scale;
        _shift = shift;
        _runningMean = new($"{name}.norm.running_mean", 0, [.. shift.Shape]);
        _runningVariance = new($"{name}.norm.running_var", 1, [.. shift.Shape]);
    }

    /// <summary>The running mean and variance.</summary>
    public IEnumerable<Statistic> Statistics => [_runningMean, _runningVariance];

    /// <summary>The activations of a training batch.</summary>
    /// <param name="input">m x inputs, m ≥ 2.</param>
    /// <returns>m x units.</returns>
    public torch.Tensor Forward(torch.Tensor input)
    {
        var m = input.shape[0];
        var a = input.mm(_weight.Value.t());
        var mean = a.mean([0]);
        var centred = a.sub_(mean);
        var variance = centred.square().mean([0]);
        _runningMean.Value.lerp_(mean, StatisticsRate);
        _runningVariance.Value.mul_(1 - StatisticsRate).add_(variance, StatisticsRate * m / (m - 1.0));

        _input = input;
        _inverseDeviation = variance.add_(Epsilon).rsqrt_();
        _normalized = centred.mul_(_inverseDeviation);
        _output = torch.addcmul(_shift.Value, _normalized, _scale.Value, 1).relu_();
        return _output;
    }

    /// <summary>Gathers this layer's gradients, as <see cref="Trunk.Backward"/> says.</summary>
    /// <param name="gradient">The derivative by the activations, m x units; overwritten.</param>
    /// <param name="beta">0 to 1.</param>
    /// <param name="needsInput">Whether the derivative by the input is wanted.</param>
    /// <returns>The derivative by the input, m x inputs; null where it is not wanted.</returns>
    public torch.Tensor? Backward(torch.Tensor gradient, double beta, bool needsInput)
    {
        if (_input is null || _normalized is null || _inverseDeviation is null || _output is null)
            throw new InvalidOperationException("A backward pass needs a forward pass before it.");

        // The activation is 0 or positive, so its sign is ReLU's derivative.
        var g = gradient.mul_(_output.sign_());
        var shiftGradient = g.sum([0]);
        var scaleGradient = (g * _normalized).sum([0]);
        _shift.Gradient.mul_(beta).add_(shiftGradient);
        _scale.Gradient.mul_(beta).add_(scaleGradient);

        // ∂/∂a = γ/σ (g - mean g - n mean(g n)): the batch's mean and variance depend on every example.
        var m = g.shape[0];
        var inner = g.addcmul_(_normalized, scaleGradient, -1.0 / m).add_(shiftGradient, -1.0 / m);
        var gradientA = inner.mul_(_inverseDeviation.mul_(_scale.Value));
        _weight.Gradient.addmm_(gradientA.t(), _input, (float)beta, 1);
        var result = needsInput ? gradientA.mm(_weight.Value) : null;
        _input = _normalized = _inverseDeviation = _output = null;
        return result;
    }

    /// <summary>
    /// The activations by the running statistics. Normalisation and matrix product are one affine map then, taken together.
    /// </summary>
    /// <param name="input">n x inputs.</param>
    /// <returns>n x units.</returns>
    public torch.Tensor Infer(torch.Tensor input)
    {
        var factor = (_runningVariance.Value + Epsilon).rsqrt_().mul_(_scale.Value);
        var offset = _shift.Value - (_runningMean.Value * factor);
        return torch.addmm(offset, input, (_weight.Value * factor.unsqueeze(1)).t(), 1, 1).relu_();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runningMean.Dispose();
        _runningVariance.Dispose();
    }
}

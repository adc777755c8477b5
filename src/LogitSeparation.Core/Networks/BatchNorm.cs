using System.Runtime.InteropServices;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>
/// Batch normalisation (Ioffe and Szegedy 2015) and ReLU: h = max(0, γ n + β), n = (a - mean a) / sqrt(var a + ε). In float32 on
/// the CPU both passes are <see cref="BatchNormKernel"/>'s; elsewhere they are operations of libtorch.
/// </summary>
internal sealed class BatchNorm : IDisposable
{
    private const double Epsilon = 1e-5;

    /// <summary>The share of the running statistics that each batch replaces.</summary>
    private const double StatisticsRate = 0.1;

    private readonly Parameter _scale;
    private readonly Parameter _shift;
    private readonly Statistic _runningMean;
    private readonly Statistic _runningVariance;

    private torch.Tensor? _normalized;
    private torch.Tensor? _inverseDeviation;
    private torch.Tensor? _output;

    /// <summary>Creates a normalisation.</summary>
    /// <param name="name">Its name in a saved model.</param>
    /// <param name="scale">γ, one a unit.</param>
    /// <param name="shift">β, one a unit.</param>
    public BatchNorm(string name, Parameter scale, Parameter shift)
    {
        _scale = scale;
        _shift = shift;
        _runningMean = new($"{name}.running_mean", 0, [.. shift.Shape]);
        _runningVariance = new($"{name}.running_var", 1, [.. shift.Shape]);
    }

    /// <summary>The running mean and variance.</summary>
    public IEnumerable<Statistic> Statistics => [_runningMean, _runningVariance];

    // A table that no span can hold is left to libtorch.
    private static bool UsesKernel(torch.Tensor a) =>
        a.device_type == DeviceType.CPU && a.dtype == torch.ScalarType.Float32 && a.numel() <= int.MaxValue / sizeof(float);

    /// <summary>h of a training batch, by the batch's own mean and variance.</summary>
    /// <param name="a">m x units, m ≥ 2; overwritten.</param>
    public torch.Tensor Forward(torch.Tensor a)
    {
        if (UsesKernel(a))
            ForwardByKernel(a);
        else
            ForwardByLibtorch(a);
        return _output!;
    }

    /// <summary>The derivative by a, from that by h; gathers the gradients of γ and β as <see cref="Trunk.Backward"/> says.</summary>
    /// <param name="gradient">m x units; overwritten, and returned.</param>
    /// <param name="beta">0 to 1.</param>
    public torch.Tensor Backward(torch.Tensor gradient, double beta)
    {
        if (_normalized is null || _inverseDeviation is null || _output is null)
            throw new InvalidOperationException("A backward pass needs a forward pass before it.");
        if (UsesKernel(gradient))
        {
            BatchNormKernel.Backward(
                Span(gradient), Span(_normalized), Span(_output), Span(_scale.Value), Span(_inverseDeviation), (float)beta,
                Span(_scale.Gradient), Span(_shift.Gradient));
        }
        else
        {
            BackwardByLibtorch(gradient, _normalized, _inverseDeviation, _output, beta);
        }

        _normalized = _inverseDeviation = _output = null;
        return gradient;
    }

    /// <summary>
    /// The affine map that the running statistics make of the normalisation: n γ + β = a factor + offset, one number a unit.
    /// </summary>
    public (torch.Tensor Factor, torch.Tensor Offset) Fold()
    {
        var factor = _runningVariance.Value.Plus(Epsilon).rsqrt_().mul_(_scale.Value);
        return (factor, _shift.Value - (_runningMean.Value * factor));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runningMean.Dispose();
        _runningVariance.Dispose();
    }

    private static Span<float> Span(torch.Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    private void ForwardByKernel(torch.Tensor a)
    {
        (_normalized, _output, _inverseDeviation) = (a, torch.empty_like(a), torch.empty_like(_scale.Value));
        var (mean, variance) = (new float[a.shape[1]], new float[a.shape[1]]);
        BatchNormKernel.Forward(
            Span(a), Span(_output), Span(_scale.Value), Span(_shift.Value), Epsilon, mean, variance, Span(_inverseDeviation));
        Track(Span(_runningMean.Value), mean, 1);
        Track(Span(_runningVariance.Value), variance, Unbiased(a.shape[0]));
    }

    private void ForwardByLibtorch(torch.Tensor a)
    {
        var mean = a.mean([0]);
        var centred = a.sub_(mean);
        var variance = (centred * centred).mean([0]);
        _runningMean.Value.MultiplyInPlace(1 - StatisticsRate).AddInPlace(mean, StatisticsRate);
        _runningVariance.Value.MultiplyInPlace(1 - StatisticsRate).AddInPlace(variance, StatisticsRate * Unbiased(a.shape[0]));
        _inverseDeviation = variance.Plus(Epsilon).rsqrt_();
        _normalized = centred.mul_(_inverseDeviation);
        _output = _shift.Value.PlusProduct(_normalized, _scale.Value).relu_();
    }

    /// <summary>What makes an unbiased estimate of the variance of a batch.</summary>
    private static double Unbiased(long m) => m / (m - 1.0);

    private static void Track(Span<float> running, ReadOnlySpan<float> batch, double factor)
    {
        for (var j = 0; j < running.Length; j++)
            running[j] = (float)((running[j] * (1 - StatisticsRate)) + (batch[j] * StatisticsRate * factor));
    }

    private void BackwardByLibtorch(
        torch.Tensor gradient, torch.Tensor normalized, torch.Tensor inverseDeviation, torch.Tensor output, double beta)
    {
        // The activation is 0 or positive, so its sign is ReLU's derivative.
        var g = gradient.mul_(output.sign());
        var shiftGradient = g.sum([0]);
        var scaleGradient = (g * normalized).sum([0]);
        _shift.Gradient.MultiplyInPlace(beta).AddInPlace(shiftGradient);
        _scale.Gradient.MultiplyInPlace(beta).AddInPlace(scaleGradient);

        // ∂/∂a = γ/σ (g - mean g - n mean(g n)): the batch's mean and variance depend on every example.
        var m = g.shape[0];
        g.AddProductInPlace(normalized, scaleGradient, -1.0 / m).AddInPlace(shiftGradient, -1.0 / m).mul_(inverseDeviation.mul_(_scale.Value));
    }
}

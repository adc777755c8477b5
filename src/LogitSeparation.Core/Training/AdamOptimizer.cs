using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>Adam (Kingma and Ba 2015, algorithm 1), with the L2 penalty added to the gradient.</summary>
internal sealed class AdamOptimizer(double learningRate, double weightDecay) : Optimizer
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private torch.Tensor? _mean;
    private torch.Tensor? _square;
    private long _step;

    public override double Beta => 0;

    public override void Step(ParameterBuffer parameters)
    {
        _step++;
        var gradient = parameters.Gradient;
        if (weightDecay != 0)
            gradient.AddInPlace(parameters.Values, weightDecay);
        _mean ??= torch.zeros_like(gradient).DetachFromDisposeScope();
        _square ??= torch.zeros_like(gradient).DetachFromDisposeScope();
        _mean.MultiplyInPlace(Beta1).AddInPlace(gradient, 1 - Beta1);
        _square.MultiplyInPlace(Beta2).AddProductInPlace(gradient, gradient, 1 - Beta2);
        var deviation = _square.sqrt().DivideInPlace(Math.Sqrt(1 - Math.Pow(Beta2, _step))).AddInPlace(Epsilon);
        parameters.Values.AddQuotientInPlace(_mean, deviation, -learningRate / (1 - Math.Pow(Beta1, _step)));
    }

    public override void Dispose()
    {
        _mean?.Dispose();
        _square?.Dispose();
    }
}

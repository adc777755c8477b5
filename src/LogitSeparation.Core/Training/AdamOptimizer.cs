using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>Adam (Kingma and Ba 2015, algorithm 1), with the L2 penalty added to the gradient.</summary>
internal sealed class AdamOptimizer(double learningRate, double weightDecay) : Optimizer(learningRate)
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private torch.Tensor? _mean;
    private torch.Tensor? _square;

    public override double Beta => 0;

    public override void Step(ParameterBuffer parameters)
    {
        StepCount++;
        var gradient = parameters.Gradient;
        if (weightDecay != 0)
            parameters.AddDecay(weightDecay);
        var (mean, square) = Moments(gradient);
        mean.MultiplyInPlace(Beta1).AddInPlace(gradient, 1 - Beta1);
        square.MultiplyInPlace(Beta2).AddProductInPlace(gradient, gradient, 1 - Beta2);
        var deviation = square.sqrt().DivideInPlace(Math.Sqrt(1 - Math.Pow(Beta2, StepCount))).AddInPlace(Epsilon);
        parameters.Values.AddQuotientInPlace(mean, deviation, -LearningRate / (1 - Math.Pow(Beta1, StepCount)));
    }

    public override IReadOnlyDictionary<string, torch.Tensor> Memory(ParameterBuffer parameters)
    {
        var (mean, square) = Moments(parameters.Gradient);
        return new Dictionary<string, torch.Tensor> { [nameof(mean)] = mean, [nameof(square)] = square };
    }

    public override void Dispose()
    {
        _mean?.Dispose();
        _square?.Dispose();
    }

    private (torch.Tensor Mean, torch.Tensor Square) Moments(torch.Tensor gradient) => (
        _mean ??= torch.zeros_like(gradient).DetachFromDisposeScope(),
        _square ??= torch.zeros_like(gradient).DetachFromDisposeScope());
}

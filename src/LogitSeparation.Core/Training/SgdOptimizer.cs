using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>
/// Gradient descent with momentum: v ← μ v + g + λ w, w ← w - η v. The gathered gradient is v itself: the backward pass keeps
/// μ of it and adds g.
/// </summary>
internal sealed class SgdOptimizer(double learningRate, double momentum, double weightDecay) : Optimizer(learningRate)
{
    private static readonly Dictionary<string, torch.Tensor> Nothing = [];

    public override double Beta => momentum;

    public override void Step(ParameterBuffer parameters)
    {
        StepCount++;
        if (weightDecay != 0)
            parameters.AddDecay(weightDecay);
        foreach (var (values, gradient) in parameters.Stepped)
            values.AddInPlace(gradient, -LearningRate);
    }

    /// <summary>The step of some parameters alone.</summary>
    public void Step(torch.Tensor values, torch.Tensor gradient)
    {
        if (weightDecay != 0)
            gradient.AddInPlace(values, weightDecay);
        values.AddInPlace(gradient, -LearningRate);
    }

    public override IReadOnlyDictionary<string, torch.Tensor> Memory(ParameterBuffer parameters) => Nothing;

    public override void Dispose()
    {
    }
}

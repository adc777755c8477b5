using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>Turns gradients into a step of the parameters.</summary>
/// <param name="learningRate">The learning rate of the first step.</param>
internal abstract class Optimizer(double learningRate) : IDisposable
{
    /// <summary>The learning rate of the next step.</summary>
    public double LearningRate { get; set; } = learningRate;

    /// <summary>The number of steps taken.</summary>
    public long StepCount { get; set; }

    /// <summary>What share of the last step's gathered gradient the next backward pass keeps.</summary>
    public abstract double Beta { get; }

    /// <summary>Takes a step.</summary>
    public abstract void Step(ParameterBuffer parameters);

    /// <summary>What it remembers between steps beside the gathered gradient, by name; zeros before the first step.</summary>
    public abstract IReadOnlyDictionary<string, torch.Tensor> Memory(ParameterBuffer parameters);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Creates the optimizer that the options ask for.</summary>
    public static Optimizer Create(TrainingOptions options, double learningRate) => options.Optimizer switch
    {
        OptimizerKind.Adam => new AdamOptimizer(learningRate, options.WeightDecay),
        _ => new SgdOptimizer(learningRate, options.Momentum, options.WeightDecay),
    };
}

using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;

namespace LogitSeparation.Core.Training;

/// <summary>Turns gradients into a step of the parameters.</summary>
internal abstract class Optimizer : IDisposable
{
    /// <summary>What share of the last step's gathered gradient the next backward pass keeps.</summary>
    public abstract double Beta { get; }

    /// <summary>Takes a step.</summary>
    public abstract void Step(ParameterBuffer parameters);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Creates the optimizer that the options ask for.</summary>
    public static Optimizer Create(TrainingOptions options, double learningRate) => options.Optimizer switch
    {
        OptimizerKind.Adam => new AdamOptimizer(learningRate, options.WeightDecay),
        _ => new SgdOptimizer(learningRate, options.Momentum, options.WeightDecay),
    };
}

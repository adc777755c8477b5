namespace LogitSeparation.Core.Models;

/// <summary>The rule that turns a gradient into a step.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent with momentum: v ← μ v + g, w ← w - η v.</summary>
    Sgd,

    /// <summary>Adam (Kingma and Ba 2015), β₁ = 0.9, β₂ = 0.999, ε = 1e-8, with bias correction.</summary>
    Adam,
}

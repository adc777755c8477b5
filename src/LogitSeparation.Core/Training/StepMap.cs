namespace LogitSeparation.Core.Training;

/// <summary>A linear map of momentum and value: (v, w) to (VV v + VW w, WV v + WW w).</summary>
/// <param name="VV">The share of v in v.</param>
/// <param name="VW">The share of w in v.</param>
/// <param name="WV">The share of v in w.</param>
/// <param name="WW">The share of w in w.</param>
internal readonly record struct StepMap(double VV, double VW, double WV, double WW)
{
    /// <summary>What leaves both as they are.</summary>
    public static StepMap Identity { get; } = new(1, 0, 0, 1);

    /// <summary>A step of SGD (<see cref="SgdOptimizer"/>) whose gradient is 0: v ← μ v + λ w, w ← w - η v.</summary>
    public static StepMap WithoutGradient(double momentum, double weightDecay, double learningRate) =>
        new(momentum, weightDecay, -learningRate * momentum, 1 - (learningRate * weightDecay));

    /// <summary>This map and then another.</summary>
    public StepMap Then(StepMap next) => new(
        (next.VV * VV) + (next.VW * WV), (next.VV * VW) + (next.VW * WW),
        (next.WV * VV) + (next.WW * WV), (next.WV * VW) + (next.WW * WW));
}

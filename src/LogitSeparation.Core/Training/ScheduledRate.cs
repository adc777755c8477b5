using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Training;

/// <summary>The learning rate of each step: a function of the step alone, so that a training can go on from any.</summary>
/// <param name="schedule">How the rate goes.</param>
/// <param name="peak">The rate that was asked for: the largest.</param>
/// <param name="stepCount">The number of steps, T.</param>
internal sealed class ScheduledRate(LearningRateSchedule schedule, double peak, int stepCount)
{
    // Smith and Topin 2018 as PyTorch has it: the start, the end, and the share of the steps in which the rate rises.
    private const double StartShare = 1.0 / 25;
    private const double EndShare = StartShare / 10_000;
    private const double RisingShare = 0.3;

    /// <summary>The rate of a step.</summary>
    /// <param name="step">From 0 to T - 1.</param>
    public double At(long step) => schedule switch
    {
        LearningRateSchedule.Cosine => Between(peak, 0, (double)step / stepCount),
        LearningRateSchedule.OneCycle => OneCycle(step),
        _ => peak,
    };

    private double OneCycle(long step)
    {
        // The first step has the start's rate and the last one the end's.
        var last = Math.Max(1, stepCount - 1);
        var top = RisingShare * last;
        return step < top
            ? Between(StartShare * peak, peak, step / top)
            : Between(peak, EndShare * peak, (step - top) / (last - top));
    }

    // Half a cosine from one value to another.
    private static double Between(double from, double to, double share) => to + ((from - to) * (1 + Math.Cos(Math.PI * share)) / 2);
}

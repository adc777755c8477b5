using LogitSeparation.Core.Models;
using LogitSeparation.Core.Training;
using Xunit;

namespace LogitSeparation.Core.Tests.Training;

public sealed class ScheduledRateTests
{
    [Fact]
    public void Constant_stays()
    {
        var rate = new ScheduledRate(LearningRateSchedule.Constant, 0.1, 10);
        Assert.All(Enumerable.Range(0, 10), step => Assert.Equal(0.1, rate.At(step)));
    }

    [Fact]
    public void Cosine_goes_from_the_whole_through_the_half_towards_nothing()
    {
        var rate = new ScheduledRate(LearningRateSchedule.Cosine, 0.1, 1000);
        Assert.Equal(0.1, rate.At(0));
        Assert.Equal(0.05, rate.At(500), 1e-12);
        Assert.Equal(0.1 * (1 + Math.Cos(Math.PI / 4)) / 2, rate.At(250), 1e-12);
        Assert.InRange(rate.At(999), 0, 1e-6);
    }

    [Fact]
    public void One_cycle_rises_to_its_peak_and_falls_below_its_start()
    {
        // The values that torch.optim.lr_scheduler.OneCycleLR(max_lr=1, total_steps=11) has by its formula.
        var rate = new ScheduledRate(LearningRateSchedule.OneCycle, 1, 11);
        Assert.Equal(0.04, rate.At(0), 1e-12);
        Assert.Equal(1, rate.At(3), 1e-12);
        Assert.Equal(0.04 + (0.96 * (1 - Math.Cos(Math.PI / 3)) / 2), rate.At(1), 1e-12);
        Assert.Equal(4e-6, rate.At(10), 1e-12);
        var rates = Enumerable.Range(0, 11).Select(step => rate.At(step)).ToArray();
        Assert.Equal(rates[3..].OrderDescending(), rates[3..]);
        Assert.True(double.IsFinite(new ScheduledRate(LearningRateSchedule.OneCycle, 1, 1).At(0)));
    }
}

using LogitSeparation.Core.Losses;
using Xunit;

namespace LogitSeparation.Core.Tests.Losses;

public sealed class LossCatalogTests
{
    [Fact]
    public void Has_the_seven_losses_of_the_paper_with_their_alignment()
    {
        Assert.Equal(
            ["CE", "MaxMargin", "SelfNorm", "NCE", "BinaryCE", "BatchCE", "BatchMaxMargin"], LossCatalog.All.Select(info => info.Name));
        Assert.Equal(["CE", "MaxMargin"], LossCatalog.All.Where(info => !info.Aligned).Select(info => info.Name));
    }

    [Fact]
    public void Finds_names_in_any_case_and_suggests_the_nearest()
    {
        Assert.Equal("BatchCE", LossCatalog.Find("batchce").Name);
        var error = Assert.Throws<SlcException>(() => LossCatalog.Find("BatchEC"));
        Assert.Equal("UnknownLoss", error.ErrorId);
        Assert.Contains("'BatchCE'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.PositiveInfinity)]
    public void Refuses_hyperparameters_that_no_loss_can_use(double value)
    {
        foreach (var options in new LossOptions[] { new() { Alpha = value }, new() { Gamma = value } })
            Assert.Equal("InvalidLossOption", Assert.Throws<SlcException>(options.Validate).ErrorId);
        foreach (var count in new[] { 0, -1, 100_001, int.MaxValue })
            Assert.Equal("InvalidLossOption", Assert.Throws<SlcException>(new LossOptions { NoiseCount = count }.Validate).ErrorId);
        foreach (var count in new[] { -1, 100_001, int.MaxValue })
            Assert.Equal("InvalidLossOption", Assert.Throws<SlcException>(new LossOptions { NegativeCount = count }.Validate).ErrorId);
        Assert.Equal("InvalidLossOption", Assert.Throws<SlcException>(new LossOptions { Epsilon = -1e-9 }.Validate).ErrorId);
    }
}

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
        Assert.All(LossCatalog.All, info => Assert.Equal(LossOrigin.Paper, info.Origin));
    }

    [Fact]
    public void Has_others_after_them_each_with_its_source()
    {
        var others = LossCatalog.Known.Skip(LossCatalog.All.Count).ToArray();
        Assert.Equal(
            ["ZLoss", "UnifiedCE", "SigmoidCE", "PriorBCE", "FocalBCE", "LogitAdjustedCE", "SmoothAP"], others.Select(info => info.Name));
        Assert.Equal(["LogitAdjustedCE"], others.Where(info => !info.Aligned).Select(info => info.Name));
        Assert.All(others, info => Assert.Equal(LossOrigin.Literature, info.Origin));
        Assert.All(others, info => Assert.Matches("et al. 20", info.Source));
        var names = typeof(LossOptions).GetProperties().Select(property => property.Name).ToHashSet();
        Assert.All(LossCatalog.Known.SelectMany(info => info.Parameters), parameter => Assert.Contains(parameter, names));
        Assert.Equal("FocalBCE", LossCatalog.Spell("focalbce"));
        Assert.True(LossCatalog.IsAlsoNormalized("LogitAdjustedCE"));
        Assert.False(LossCatalog.IsAlsoNormalized("SmoothAP"));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1e5)]
    [InlineData(double.PositiveInfinity)]
    public void Refuses_hyperparameters_of_the_others(double value)
    {
        foreach (var options in new LossOptions[]
        {
            new() { ZWeight = value },
            new() { UnifiedBias = value },
            new() { SigmoidScale = value },
            new() { SigmoidBias = value },
            new() { Prior = value },
            new() { FocalGamma = value },
            new() { Tau = value },
            new() { Temperature = value },
        })
        {
            Assert.Equal("InvalidLossOption", Assert.Throws<SlcException>(options.Validate).ErrorId);
        }
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

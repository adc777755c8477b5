using Xunit;

namespace LogitSeparation.Core.Tests;

public sealed class GoldenCaseTests
{
    public static TheoryData<string> Names => GoldenCase.All;

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_case_is_read_whole(string name)
    {
        var golden = GoldenCase.Load(name);

        Assert.Equal(golden.Count * golden.ClassCount, golden.Logits.Length);
        Assert.All(golden.Labels, label => Assert.InRange(label, 0, golden.ClassCount - 1));
        Assert.Equal(7, golden.Losses.Count);
        Assert.All(golden.Losses.Values, loss => Assert.True(loss.Gradient is null || loss.Gradient.Length == golden.Logits.Length));
        Assert.Equal(golden.ClassCount, golden.Metrics.Ap.Length);
        Assert.Equal((long)golden.Count * golden.Count * (golden.ClassCount - 1), golden.Metrics.Pairs);
    }
}

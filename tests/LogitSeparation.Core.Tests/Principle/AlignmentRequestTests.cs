using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Principle;
using Xunit;

namespace LogitSeparation.Core.Tests.Principle;

public sealed class AlignmentRequestTests
{
    public static TheoryData<string, AlignmentRequest> Wrong => new()
    {
        { "BatchSize", new() { BatchSize = 0 } },
        { "BatchSize", new() { BatchSize = int.MaxValue } },
        { "ClassCount", new() { ClassCount = 1 } },
        { "ClassCount", new() { ClassCount = int.MaxValue } },
        { "ExampleCount", new() { ExampleCount = 127 } },
        { "ExampleCount", new() { ExampleCount = int.MaxValue } },
        { "Below", new() { Below = 0 } },
        { "Below", new() { Below = double.NaN } },
        { "Label", new() { BatchSize = 2, Labels = [0] } },
        { "Label", new() { BatchSize = 2, Labels = [0, 10] } },
        { "Label", new() { BatchSize = 2, Labels = [0, -1] } },
        { "NoisePrior", new() { Options = new() { NoisePrior = NoisePrior.ClassFrequency } } },
        { "NegativeCount", new() { Options = new() { NegativeCount = 3 } } },
        { "ClassFrequency", new() { ClassCounts = [1, 2] } },
        { "ClassFrequency", new() { ClassCount = 2, ClassCounts = [1, -1] } },
        { "ClassFrequency", new() { ClassCount = 2, ClassCounts = [0, 0] } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Refuses_what_cannot_be_answered(string parameter, AlignmentRequest request)
    {
        var error = Assert.Throws<SlcException>(() => AlignmentHarness.Run("BatchCE", request));
        Assert.Equal("InvalidAlignmentRequest", error.ErrorId);
        Assert.Equal(SlcErrorKind.InvalidArgument, error.Kind);
        Assert.StartsWith($"-{parameter} is ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_names_and_hyperparameters_as_everywhere()
    {
        Assert.Equal("UnknownLoss", Assert.Throws<SlcException>(() => AlignmentHarness.Run("BatchEC", new())).ErrorId);
        var error = Assert.Throws<SlcException>(() => AlignmentHarness.Run("CE", new() { Options = new() { Alpha = -1 } }));
        Assert.Equal("InvalidLossOption", error.ErrorId);
    }

    [Fact]
    public void Largest_problems_are_answered_without_a_table()
    {
        foreach (var info in LossCatalog.Known)
        {
            var alignment = AlignmentHarness.Run(info.Name, new() { BatchSize = 100_000, ClassCount = AlignmentRequest.Most });
            Assert.Equal(info.Aligned, alignment.Aligned);
            Assert.Equal("ConfigurationTooLarge", Assert.Throws<SlcException>(() => alignment.Configuration!.ToLogits()).ErrorId);
        }
    }

    [Fact]
    public void Refuses_searches_that_would_never_end()
    {
        Assert.Equal("SearchTooLarge", Id(new() { ClassCount = 1_000_000, Search = true }));
        Assert.Equal("SearchTooLarge", Id(new() { BatchSize = 10, ExampleCount = 100, Search = true }));

        static string Id(AlignmentRequest request) => Assert.Throws<SlcException>(() => AlignmentHarness.Run("BatchCE", request)).ErrorId;
    }
}

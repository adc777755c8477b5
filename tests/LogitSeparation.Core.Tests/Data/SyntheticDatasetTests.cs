using System.Diagnostics;
using LogitSeparation.Core.Data;
using Xunit;

namespace LogitSeparation.Core.Tests.Data;

public sealed class SyntheticDatasetTests
{
    private static readonly SyntheticOptions Small = new() { ClassCount = 5, Dimension = 40, Separation = 6, Noise = 0.5, TrainCount = 2000, TestCount = 500 };

    [Fact]
    public void Examples_are_centres_on_the_sphere_plus_noise()
    {
        var data = Open(Small);
        Assert.Equal([40], data.ExampleShape);
        Assert.Equal((5, 500), (data.ClassCount, data.Test.Count));
        for (var c = 0; c < 5; c++)
        {
            var mean = new double[40];
            var rows = Enumerable.Range(0, data.Test.Count).Where(i => data.Test.Labels.Span[i] == c).ToArray();
            Assert.Equal(100, rows.Length);
            foreach (var row in rows)
            {
                var example = data.Test.Example(row);
                for (var j = 0; j < 40; j++)
                    mean[j] += example[j] / 100.0;
            }

            // The noise of a mean of 100 has deviation 0.05 a feature, so the mean's length is that of the centre.
            Assert.Equal(6, Math.Sqrt(mean.Sum(value => value * value)), 0.15);
            var deviation = Math.Sqrt(rows.Average(row => data.Test.Example(row).Select((value, j) => (value - mean[j]) * (value - mean[j])).Average()));
            Assert.Equal(0.5, deviation, 0.02);
        }
    }

    [Fact]
    public void Scaling_gives_unit_variance_where_classes_are_many()
    {
        var data = Open(Small with { ClassCount = 500 });
        var values = Enumerable.Range(0, data.Train.Count).SelectMany(data.Train.Example).Select(value => (value - data.Scaling.Mean[0]) / data.Scaling.Deviation[0]).ToArray();
        Assert.Equal(0, values.Average(), 0.02);
        Assert.Equal(1, values.Average(value => value * value), 0.03);
    }

    [Fact]
    public void What_is_made_when_needed_equals_what_is_held()
    {
        var held = Open(Small);
        var made = new SyntheticExamples(Small, 3, firstNumber: 2000, 500);
        Assert.True(held.Test.Store.IsInMemory);
        Assert.False(made.IsInMemory);
        var split = new DataSplit(Split.Test, made, null, 5);
        Assert.All(new[] { 0, 17, 499 }, i => Assert.Equal(held.Test.Example(i), split.Example(i)));
        Assert.Equal(held.Test.Labels.ToArray(), split.Labels.ToArray());
    }

    [Fact]
    public void A_million_classes_need_no_memory_for_their_centres()
    {
        var options = new SyntheticOptions { ClassCount = 1_000_000, Dimension = 128, TrainCount = 2_000_000, TestCount = 1_000_000 };
        var watch = Stopwatch.StartNew();
        var data = Open(options);
        Assert.False(data.Train.Store.IsInMemory);
        Assert.Equal((1_000_000, 1_800_000), (data.ClassCount, data.Train.Count));
        Assert.Equal(128, data.Train.Example(777_777).Length);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 60);
    }

    [Fact]
    public void Opens_again_as_it_was_and_another_seed_gives_others()
    {
        var data = Open(Small);
        var again = DatasetCatalog.Reopen(data.Identity, noDownload: true, null, TestContext.Current.CancellationToken);
        Assert.Equal(data.Train.Example(5), again.Train.Example(5));
        var other = DatasetCatalog.Open(new() { Name = "synthetic", Synthetic = Small, Seed = 4 }, null, TestContext.Current.CancellationToken);
        Assert.NotEqual(data.Identity.Checksum, other.Identity.Checksum);
        Assert.NotEqual(data.Test.Example(5), other.Test.Example(5));
    }

    [Theory]
    [InlineData(nameof(SyntheticOptions.ClassCount))]
    [InlineData(nameof(SyntheticOptions.Dimension))]
    [InlineData(nameof(SyntheticOptions.Separation))]
    [InlineData(nameof(SyntheticOptions.Noise))]
    [InlineData(nameof(SyntheticOptions.TrainCount))]
    [InlineData(nameof(SyntheticOptions.TestCount))]
    public void Impossible_options_are_refused_by_name(string parameter)
    {
        var options = parameter switch
        {
            nameof(SyntheticOptions.ClassCount) => Small with { ClassCount = 1 },
            nameof(SyntheticOptions.Dimension) => Small with { Dimension = 0 },
            nameof(SyntheticOptions.Separation) => Small with { Separation = double.NaN },
            nameof(SyntheticOptions.Noise) => Small with { Noise = -1 },
            nameof(SyntheticOptions.TrainCount) => Small with { TrainCount = 4 },
            _ => Small with { TestCount = 0 },
        };
        var error = Assert.Throws<SlcException>(() => Open(options));
        Assert.Equal(("InvalidSyntheticOption", parameter), (error.ErrorId, error.Target));
    }

    private static Dataset Open(SyntheticOptions options) =>
        DatasetCatalog.Open(new() { Name = "Synthetic", Synthetic = options, Seed = 3 }, null, TestContext.Current.CancellationToken);
}

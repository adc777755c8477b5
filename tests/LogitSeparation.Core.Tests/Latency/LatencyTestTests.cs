using LogitSeparation.Core.Latency;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Reports;
using LogitSeparation.Core.Tests.Training;
using LogitSeparation.Core.Training;
using Xunit;

namespace LogitSeparation.Core.Tests.Latency;

public sealed class LatencyTestTests
{
    private static readonly LatencyRequest Quick = new() { ClassCount = [10, 300], FeatureCount = [33], RoundCount = 3, TimeLimit = TimeSpan.FromSeconds(1) };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_method_is_measured_at_every_size_with_its_multiply_adds()
    {
        var measures = LatencyTest.Run(Quick with { BatchSize = [1, 5] }, null, null, Stop).ToArray();
        var methods = Enum.GetValues<LatencyMethod>().Where(method => method != LatencyMethod.Trunk).ToArray();
        Assert.Equal(methods.Length * 2 * 2 * 2, measures.Length);
        Assert.All(measures, measure =>
        {
            Assert.True(measure.Nanoseconds > 0 && measure.LowerQuartile <= measure.Nanoseconds && measure.Nanoseconds <= measure.UpperQuartile);
            Assert.Null(measure.Note);
            Assert.Equal(3, measure.RoundCount);
            Assert.Equal(measure.Memory == CacheState.Cold, measure.CallCount == 1);
            Assert.True(measure.MemoryBytes >= measure.WeightBytes);
        });
        foreach (var measure in measures)
        {
            var (k, n) = (measure.ClassCount, measure.BatchSize);
            double? expected = measure.Method switch
            {
                LatencyMethod.OneLogit => 33,
                LatencyMethod.SomeLogits => 330,
                LatencyMethod.AllLogits or LatencyMethod.Softmax => 33 * k,
                // In a heap the leaves are k … 2k-1, each as deep as its number has binary digits behind the first.
                LatencyMethod.BalancedTree => 33 * Enumerable.Range(k, k).Average(leaf => Math.ILogB(leaf)),
                _ => null,
            };
            if (expected is { } number)
                Assert.Equal(n * number, measure.MultiplyAddCount, 1e-6);
        }

        var adds = measures.Where(measure => measure is { ClassCount: 300, BatchSize: 1, Memory: CacheState.Warm }).ToDictionary(measure => measure.Method, measure => measure.MultiplyAddCount);
        Assert.InRange(adds[LatencyMethod.DifferentiatedSoftmax], 300, adds[LatencyMethod.AllLogits] / 2);
        Assert.True(adds[LatencyMethod.HuffmanTree] > adds[LatencyMethod.OneLogit]);
    }

    [Fact]
    public void Classes_that_are_asked_for_as_often_as_they_occur_make_Huffman_trees_and_tails_cheaper()
    {
        var request = Quick with { Method = [LatencyMethod.HuffmanTree, LatencyMethod.AdaptiveSoftmax], ClassCount = [3000], Memory = [CacheState.Warm] };
        var uniform = LatencyTest.Run(request, null, null, Stop).ToArray();
        var frequent = LatencyTest.Run(request with { Draw = ClassDraw.Frequency }, null, null, Stop).ToArray();
        for (var i = 0; i < uniform.Length; i++)
            Assert.True(frequent[i].MultiplyAddCount < 0.9 * uniform[i].MultiplyAddCount);
    }

    [Fact]
    public void A_models_trunk_and_head_are_measured_beside_the_alternatives()
    {
        var data = SmallDataset.Create();
        var model = Trainer.Train(data, ["BatchCE"], new(), new() { StepCount = 1, BatchSize = 16, HiddenUnit = [8], Device = TestDevice.Name }, null, Stop).Single().Model!;
        var measures = LatencyTest.Run(Quick with { BatchSize = [3] }, model, null, Stop).ToArray();
        Assert.Equal(2 * Enum.GetValues<LatencyMethod>().Length, measures.Length);
        Assert.All(measures, measure => Assert.Equal((4, 8), (measure.ClassCount, measure.FeatureCount)));
        var info = NetworkCatalog.Inspect("MLP", [1, 4, 4], [8], 4);
        Assert.Equal(3.0 * (info.SingleLogitMultiplyAddCount - 8), Of(LatencyMethod.Trunk).MultiplyAddCount);
        Assert.Equal(3.0 * 8, Of(LatencyMethod.OneLogit).MultiplyAddCount);
        Assert.Equal(3.0 * 32, Of(LatencyMethod.AllLogits).MultiplyAddCount);
        Assert.Equal(model.ToString(), Of(LatencyMethod.OneLogit).Model);
        Assert.Equal(model.ToString(), Of(LatencyMethod.Trunk).Model);
        Assert.Null(Of(LatencyMethod.BalancedTree).Model);

        LatencyMeasure Of(LatencyMethod method) => measures.First(measure => measure.Method == method);
    }

    [Fact]
    public void What_does_not_fit_into_memory_is_named_and_the_rest_goes_on()
    {
        var request = Quick with
        {
            Method = [LatencyMethod.OneLogit, LatencyMethod.BalancedTree],
            ClassCount = [LatencyRequest.MostClasses, 10],
            FeatureCount = [LatencyRequest.MostFeatures],
            Memory = [CacheState.Warm],
        };
        var measures = LatencyTest.Run(request, null, null, Stop).ToArray();
        Assert.Equal([false, false, true, true], measures.Select(measure => measure.Nanoseconds is not null));
        Assert.All(measures[..2], measure => Assert.Matches("GiB.*are free", measure.Note));
        Assert.Contains("GiB", measures[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_measured_is_refused()
    {
        Refuse("LatencyOutOfRange", Quick with { ClassCount = [1] });
        Refuse("LatencyOutOfRange", Quick with { FeatureCount = [0] });
        Refuse("LatencyOutOfRange", Quick with { BatchSize = [0] });
        Refuse("LatencyOutOfRange", Quick with { RoundCount = 0 });
        Refuse("LatencyOutOfRange", Quick with { SomeCount = 0 });
        Refuse("LatencyOutOfRange", Quick with { ZipfExponent = double.NaN });
        Refuse("LatencyOutOfRange", Quick with { TimeLimit = TimeSpan.Zero });
        Refuse("ClassFrequencyInvalid", Quick with { ClassFrequency = [1, 2] });
        Refuse("ClassFrequencyInvalid", Quick with { ClassCount = [2], ClassFrequency = [0, 0] });
        Refuse("ClassFrequencyInvalid", Quick with { ClassCount = [2], ClassFrequency = [1, double.NaN] });
        Refuse("CutoffInvalid", Quick with { Cutoff = [5, 5] });
        Refuse("CutoffInvalid", Quick with { Cutoff = [10] });
        Refuse("CutoffInvalid", Quick with { FeatureCount = [2], Cutoff = [1, 2] });
        Refuse("TrunkWithoutModel", Quick with { Method = [LatencyMethod.Trunk] });

        static void Refuse(string id, LatencyRequest request) =>
            Assert.Equal(id, Assert.Throws<SlcException>(() => LatencyTest.Run(request, null, null, Stop)).ErrorId);
    }

    [Fact]
    public void Stops_when_it_is_told_to()
    {
        using var source = new CancellationTokenSource();
        var progress = new List<LatencyProgress>();
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var measure in LatencyTest.Run(Quick, null, progress.Add, source.Token))
                source.Cancel();
        });
        Assert.NotEmpty(progress);
        Assert.All(progress, item => Assert.InRange(item.Done, 0, item.Total - 1));
    }

    [Fact]
    public void Quartiles_and_median_are_those_of_the_rounds()
    {
        var timing = CallTiming.Of([5, 1, 2, 4, 3], 7);
        Assert.Equal((3, 2, 4, 5, 7L), (timing.Nanoseconds, timing.LowerQuartile, timing.UpperQuartile, timing.RoundCount, timing.CallCount));
        Assert.Equal(1.5, CallTiming.Of([1, 2], 1).Nanoseconds);
    }

    [Fact]
    public void A_figure_has_a_panel_a_size_and_a_line_a_method()
    {
        LatencyMeasure[] measures =
        [
            .. from method in new[] { LatencyMethod.OneLogit, LatencyMethod.AllLogits }
               from memory in Enum.GetValues<CacheState>()
               from k in new[] { 1000, 10 }
               select new LatencyMeasure
               {
                   Method = method, ClassCount = k, FeatureCount = 500, BatchSize = 1, Memory = memory, Nanoseconds = method == LatencyMethod.OneLogit ? 40 : 40 * k,
                   LowerQuartile = 0, UpperQuartile = 80_000, MultiplyAddCount = 1, WeightBytes = 1, MemoryBytes = 1, ThreadCount = 1, Processor = "P",
               },
            new() { Method = LatencyMethod.Softmax, ClassCount = 10, FeatureCount = 1, BatchSize = 1, Memory = CacheState.Warm, Note = "no", MultiplyAddCount = 1, WeightBytes = 1, MemoryBytes = 1, ThreadCount = 1, Processor = "P" },
        ];
        var figure = LatencyFigure.Create(measures);
        Assert.Equal("500 features, one example, P", figure.Subtitle);
        Assert.Equal(["caches warm", "caches cold"], figure.Panel.Select(panel => panel.Title));
        Assert.All(figure.Panel, panel =>
        {
            Assert.True(panel.X.IsLogarithmic && panel.Y.IsLogarithmic);
            Assert.Equal(["one logit", "all logits"], panel.Series.Select(series => series.Name));
            Assert.Equal([10, 1000], panel.Series[1].X);
            Assert.Equal([0.4, 40], panel.Series[1].Y.Select(y => Math.Round(y, 9)));
            Assert.True(double.IsNaN(panel.Series[0].Low[0]));
        });
        Assert.NotEmpty(FigureFile.DrawPng(figure, new() { Width = 800, Height = 500 }));
        Assert.Equal("FigureInputMissing", Assert.Throws<SlcException>(() => LatencyFigure.Create([measures[^1]])).ErrorId);
    }
}

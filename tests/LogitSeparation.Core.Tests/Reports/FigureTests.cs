using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Evaluation.Statistics;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Reports;
using LogitSeparation.Core.Tests.Evaluation;
using Xunit;

namespace LogitSeparation.Core.Tests.Reports;

public sealed class FigureTests
{
    private static readonly string[] Names = ["a", "b"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static MemoryLogits Separated => new([5f, 1f, 2f, 6f, 7f, 0f], [0, 1, 0], Names) { Loss = "BatchCE", Dataset = "D" };

    [Fact]
    public void Logits_show_all_thresholds_that_separate()
    {
        var panel = Assert.Single(LogitFigure.Create([Separated], cancellationToken: Stop).Panel);

        var mark = Assert.Single(panel.Mark);
        Assert.Equal((2, 5), (mark.From, mark.To));
        Assert.Contains("margin 3", panel.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Shares_of_true_and_of_false_logits_sum_to_hundred_percent_each()
    {
        var panel = LogitFigure.Create([Separated], cancellationToken: Stop).Panel[0];

        // Each bin has two corners at its height.
        Assert.All(panel.Series, series => Assert.Equal(200, series.Y.Sum(), 9));
        Assert.All(panel.Series, series => Assert.Equal((0, 7), (series.X[0], Math.Round(series.X[^1], 9))));
    }

    [Theory]
    [InlineData(1e17, 1e17)]
    [InlineData(-1e308, 1e308)]
    [InlineData(double.MaxValue, double.MaxValue)]
    public void Any_finite_logits_have_bins(double low, double high)
    {
        var panel = LogitFigure.Create([new MemoryLogits([high, low, low, high], [0, 1], Names)], cancellationToken: Stop).Panel[0];

        Assert.All(panel.Series, series => Assert.All(series.X, x => Assert.True(double.IsFinite(x))));
        Assert.All(panel.Series, series => Assert.True(series.X[0] < series.X[^1] && Math.Abs(series.Y.Sum() - 200) < 1e-9));
    }

    [Fact]
    public void The_first_NaN_is_named_whichever_thread_comes_upon_one()
    {
        var values = new float[20_000];
        values.AsSpan(4_003).Fill(float.NaN);
        for (var run = 0; run < 20; run++)
        {
            var error = Assert.Throws<SlcException>(() => LogitFigure.Create([new MemoryLogits(values, new int[10_000], Names)], cancellationToken: Stop));
            Assert.Equal(("NaNLogit", (object)2001), (error.ErrorId, error.Target!));
        }
    }

    [Fact]
    public void Tables_are_looked_at_one_after_the_other()
    {
        var asked = 0;
        IEnumerable<Logits> Tables()
        {
            for (; asked < 3; asked++)
                yield return new StreamedLogits(new MemoryLogits([.. Enumerable.Range(0, 4000).Select(i => (float)(i % 7))], new int[2000], Names));
        }

        var figure = LogitFigure.Create(Tables(), cancellationToken: Stop);

        Assert.Equal((3, 3), (asked, figure.Panel.Count));
        Assert.All(figure.Panel, panel => Assert.All(panel.Series, series => Assert.Equal(200, series.Y.Sum(), 9)));
    }

    [Fact]
    public void A_class_alone_shows_its_own_logits()
    {
        // Class b: true 1, false 3 and -1: not separated.
        var logits = new MemoryLogits([0d, 3, 0, 1, 0, -1], [0, 1, 0], Names);

        var panel = LogitFigure.Create([logits], "b", Stop).Panel[0];

        Assert.StartsWith("not separated, best F1 0.667", panel.Note, StringComparison.Ordinal);
        Assert.Equal(-1, panel.Series[0].X[0]);
        Assert.Equal(3, panel.Series[0].X[^1], 9);
        Assert.Equal("UnknownClass", Assert.Throws<SlcException>(() => LogitFigure.Create([logits], "c", Stop)).ErrorId);
    }

    [Fact]
    public void Precision_recall_curves_pass_through_the_measures()
    {
        var random = new Random(1);
        var logits = new MemoryLogits([.. Enumerable.Range(0, 400).Select(_ => random.NextDouble())], [.. Enumerable.Range(0, 200).Select(i => i % 2)], Names);
        var metrics = SlcMetrics.Measure(logits, cancellationToken: Stop);

        var mean = PrecisionRecallFigure.Create([logits], null, Stop).Panel[0].Series[0];
        var one = PrecisionRecallFigure.Create([logits], "b", Stop).Panel[0].Series[0];

        Assert.Equal(metrics.PrecisionAt90, mean.Y[mean.X.ToList().IndexOf(0.9)]);
        Assert.Equal(metrics.PrecisionAt99, mean.Y[mean.X.ToList().IndexOf(0.99)]);
        Assert.Equal(metrics.Class[1].PrecisionAt99, one.Y[one.X.ToList().IndexOf(0.99)]);
        Assert.Equal(one.Y.OrderDescending(), one.Y);
    }

    [Fact]
    public void Bars_carry_the_t_interval_over_runs_in_the_order_of_the_paper()
    {
        var runs = new[] { 0.9, 0.8, 0.7 }.Select((area, seed) => new RunResult { Loss = "BatchCE", Auprc = area, Seed = seed })
            .Append(new RunResult { Loss = "CE", Score = MetricsScore.AllLogits, Auprc = 0.6 })
            .Append(new RunResult { Loss = "CE", Auprc = 0.5 }).ToList();

        var panel = Assert.Single(ComparisonFigure.Create(runs).Panel);

        Assert.Equal(["BatchCE", "CE, all logits", "CE"], panel.Y.Category);
        Assert.Equal([0.5, 0.4, 0.2], panel.Series.Select(series => Math.Round(series.X[0], 12)));
        // t(0.975, 2) = 4.30265273, s = 0.1, n = 3.
        Assert.Equal(4.30265273 * 0.1 / Math.Sqrt(3), panel.Series[2].High[0] - 0.2, 7);
        Assert.True(double.IsNaN(panel.Series[0].Low[0]));
        // The interval reaches below 0, and no error does.
        Assert.Equal(0, panel.Series[2].Low[0]);
    }

    [Fact]
    public void A_bar_of_one_run_carries_its_bootstrap_interval()
    {
        var interval = new Dictionary<string, ConfidenceInterval> { ["Auprc"] = new(0.8, 0.95, 0.9) };
        RunResult[] runs = [new() { Loss = "CE", Auprc = 0.9, Accuracy = 0.7, Seed = 1, Interval = interval }];

        var figure = ComparisonFigure.Create(runs);

        Assert.Equal((0.05, 0.2), (Math.Round(figure.Panel[0].Series[0].Low[0], 12), Math.Round(figure.Panel[0].Series[0].High[0], 12)));
        Assert.True(double.IsNaN(figure.Panel[1].Series[0].Low[0]));
        Assert.Contains("90% bootstrap interval over examples", figure.Subtitle, StringComparison.Ordinal);

        // Over seeds the spread of seeds counts, which no interval over the examples of one of them has in it.
        var over = ComparisonFigure.Create([runs[0], runs[0] with { Seed = 2, Auprc = 0.7 }]);
        Assert.Equal(1, over.Panel[0].Series[0].High[0]);
        Assert.DoesNotContain("bootstrap", over.Subtitle, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_seeds_of_one_rate_split_and_data_set_share_a_bar()
    {
        static RunResult Run(int? seed, double rate, string dataset = "A") =>
            new() { Loss = "CE", Dataset = dataset, Seed = seed, LearningRate = rate, Auprc = 1 - rate + (seed ?? 0) / 100.0 };

        var rates = ComparisonFigure.Create([Run(0, 0.1), Run(1, 0.1), Run(0, 0.2)]).Panel[0];
        Assert.Equal(["CE, rate 0.2", "CE, rate 0.1"], rates.Y.Category);
        Assert.Equal([false, true], rates.Series.Select(series => double.IsNaN(series.Low[0])));

        var unknown = ComparisonFigure.Create([Run(null, 0.1), Run(null, 0.1)]).Panel[0];
        Assert.Equal(["CE (2)", "CE"], unknown.Y.Category);
        Assert.All(unknown.Series, series => Assert.True(double.IsNaN(series.Low[0])));

        Assert.Equal(["CE, B", "CE, A"], ComparisonFigure.Create([Run(0, 0.1), Run(0, 0.1, "B")]).Panel[0].Y.Category);
    }

    [Fact]
    public void Lines_are_of_one_data_set_each()
    {
        static RunResult Run(string dataset, double rate, int step, int seed) =>
            new() { Loss = "CE", Dataset = dataset, LearningRate = rate, Step = step, Seed = seed, Auprc = 0.5, Margin = step };

        RunResult[] runs = [Run("A", 0.1, 10, 0), Run("A", 0.2, 20, 0), Run("B", 0.1, 10, 0), Run("B", 0.2, 20, 0)];
        Assert.Equal(["CE, A", "CE, B"], LearningRateFigure.Create(runs).Panel[0].Series.Select(series => series.Name));
        Assert.Equal(["CE, A", "CE, B"], MarginFigure.Create(runs).Panel[0].Series.Select(series => series.Name));

        runs = [Run("A", 0.1, 10, 0), Run("A", 0.1, 20, 0), Run("A", 0.2, 10, 0), Run("A", 0.2, 20, 0)];
        Assert.Equal(["CE, rate 0.1", "CE, rate 0.2"], MarginFigure.Create(runs).Panel[0].Series.Select(series => series.Name));
        Assert.Equal(["CE, 10 steps", "CE, 20 steps"], LearningRateFigure.Create(runs).Panel[0].Series.Select(series => series.Name));
    }

    [Fact]
    public void Learning_rates_get_ticks_of_their_own_on_a_logarithmic_axis()
    {
        var runs = new[] { 0.1, 0.01 }.Select(rate => new RunResult { Loss = "CE", LearningRate = rate, Accuracy = 1 - rate }).ToList();

        var panel = LearningRateFigure.Create(runs, ReportMeasure.Accuracy).Panel[0];

        Assert.True(panel.X.IsLogarithmic);
        Assert.Equal([0.01, 0.1], panel.X.Tick);
        Assert.Equal([0.01, 0.1], panel.Series[0].Y.Select(value => Math.Round(value, 12)));
    }

    [Fact]
    public void A_rate_that_diverged_leaves_the_others_their_room()
    {
        static RunResult Run(double rate, int seed, double auprc) => new() { Loss = "CE", LearningRate = rate, Seed = seed, Auprc = auprc };

        Assert.False(LearningRateFigure.Create([Run(0.1, 0, 0.99), Run(0.01, 0, 0.92)]).Panel[0].Y.IsLogarithmic);
        Assert.False(LearningRateFigure.Create([Run(0.1, 0, 1), Run(0.01, 0, 0.2)]).Panel[0].Y.IsLogarithmic);

        // The interval over 0.001 and 0.02 reaches below 0, where there is no logarithm.
        var panel = LearningRateFigure.Create([Run(1, 0, 0.1), Run(0.1, 0, 0.999), Run(0.1, 1, 0.98)]).Panel[0];
        Assert.True(panel.Y.IsLogarithmic);
        Assert.Equal(0.0005, panel.Y.Minimum!.Value, 12);
        Assert.Equal(0.0005, panel.Series[0].Low[0], 12);
        Assert.True(panel.Series[0].High[0] > 0.02);
    }

    [Fact]
    public void Precision_and_recall_of_good_models_show_the_corner()
    {
        // Of 100 positives, `late` come after all negatives.
        static Logits Table(int late) => new MemoryLogits(
            [.. Enumerable.Range(0, 200).SelectMany(i => i < 100 ? new[] { i < late ? -9f : 200f - i, 0f } : [0f, 1f + i])],
            [.. Enumerable.Range(0, 200).Select(i => i < 100 ? 0 : 1)], ["a", "b"]);

        var good = PrecisionRecallFigure.Create([Table(0)], "a", Stop).Panel[0];
        Assert.Equal((0.9, 0.99), (good.X.Minimum!.Value, good.Y.Minimum!.Value));

        // Half of the recall has full precision, the rest that of chance.
        var half = PrecisionRecallFigure.Create([Table(0), Table(50)], "a", Stop).Panel[0];
        Assert.Equal((0.5, 0.4), (half.X.Minimum!.Value, half.Y.Minimum!.Value));

        var bad = PrecisionRecallFigure.Create([Table(99)], "a", Stop).Panel[0];
        Assert.Equal(0, bad.X.Minimum);
    }

    [Fact]
    public void Losses_decades_apart_get_a_logarithmic_axis()
    {
        static RunResult Run(string loss, double end) => new() { Loss = loss, History = [new(1, 1, null), new(2, end, null)] };

        Assert.False(TrainingFigure.Create([Run("CE", 0.5)]).Panel[0].Y.IsLogarithmic);
        Assert.True(Assert.Single(TrainingFigure.Create([Run("CE", 0.5), Run("NCE", 0.01)]).Panel).Y.IsLogarithmic);
    }

    [Fact]
    public void Margins_stand_against_steps_where_a_loss_has_several()
    {
        static RunResult Run(int step, double margin) => new() { Loss = "CE", Step = step, Margin = margin };

        var panel = MarginFigure.Create([Run(20, 1), Run(10, -1)]).Panel[0];

        Assert.Equal([10d, 20], panel.Series[0].X);
        Assert.Equal([-1d, 1], panel.Series[0].Y);
        Assert.Equal(["CE"], MarginFigure.Create([Run(20, 1)]).Panel[0].Y.Category);
    }

    [Fact]
    public void Margins_of_histories_stand_beside_what_was_measured()
    {
        static HistoryPoint[] History(params double?[] margins) =>
            [.. margins.Select((margin, i) => new HistoryPoint(i + 1, 1, null, ValidationMargin: margin))];

        var both = MarginFigure.Create([new() { Loss = "CE", Margin = 2, Split = Split.Test, History = History(null, -1, 1) }, new() { Loss = "NCE", Margin = 3, Split = Split.Test }]);
        Assert.Equal(["In training, validation split", "Afterwards, test split"], both.Panel.Select(panel => panel.Title));
        Assert.DoesNotContain("test split", both.Subtitle);
        var line = Assert.Single(both.Panel[0].Series);
        Assert.Equal([2d, 3], line.X);
        Assert.Equal([-1d, 1], line.Y);
        Assert.Equal(["NCE", "CE"], both.Panel[1].Y.Category);

        Assert.Equal("In training, validation split", Assert.Single(MarginFigure.Create([new() { History = History(-1, 1) }]).Panel).Title);
        Assert.Throws<SlcException>(() => MarginFigure.Create([new() { History = History(1) }]));
    }

    [Fact]
    public void Intervals_at_one_position_stand_side_by_side()
    {
        static RunResult Run(string loss, double rate, int seed) => new() { Loss = loss, LearningRate = rate, Seed = seed, Auprc = 0.5 + rate * seed };

        RunResult[] runs = [Run("CE", 0.01, 0), Run("CE", 0.01, 1), Run("CE", 0.1, 0), Run("CE", 0.1, 1), Run("NCE", 0.01, 0), Run("NCE", 0.01, 1), Run("MaxMargin", 0.01, 0)];
        var series = LearningRateFigure.Create(runs).Panel[0].Series;
        Assert.All(series, line => Assert.Equal(0.01, line.X[0]));
        Assert.Equal([-1.5, 1.5, 0], series.Select(line => line.Shift));
        Assert.All(LearningRateFigure.Create([.. runs.Take(4)]).Panel[0].Series, line => Assert.Equal(0, line.Shift));
    }

    [Fact]
    public void Many_intervals_at_one_position_stay_near_it()
    {
        RunResult[] runs = [.. LossCatalog.All.SelectMany(loss => new[] { 0.001, 0.01, 0.1 }.SelectMany(rate =>
            Enumerable.Range(0, 2).Select(seed => new RunResult { Loss = loss.Name, LearningRate = rate, Seed = seed, Auprc = 0.9 + rate * seed })))];

        var shifts = LearningRateFigure.Create(runs).Panel[0].Series.Select(line => line.Shift).ToList();

        Assert.Equal(shifts.Count, shifts.Distinct().Count());
        Assert.Equal(12, shifts.Max() - shifts.Min(), 1e-9);
    }

    [Fact]
    public void Seeds_of_a_loss_are_one_line_with_its_range()
    {
        static RunResult Run(string loss, int seed, params double[] losses) =>
            new() { Loss = loss, Seed = seed, History = [.. losses.Select((value, i) => new HistoryPoint(10 * (i + 1), value, null))] };

        var figure = TrainingFigure.Create([Run("CE", 0, 1, 3), Run("CE", 1, 2, 5, 9), Run("NCE", 0, 4)]);

        var series = figure.Panel[0].Series;
        Assert.Equal(["CE", "NCE"], series.Select(line => line.Name));
        Assert.Equal([10d, 20], series[0].X);
        Assert.Equal([1.5, 4], series[0].Y);
        Assert.Equal([1d, 3], series[0].Low);
        Assert.Equal([2d, 5], series[0].High);
        Assert.Empty(series[1].Low);
        Assert.Contains("mean and range over seeds", figure.Subtitle, StringComparison.Ordinal);
    }

    [Fact]
    public void Infinite_logits_are_in_no_bin_and_the_panel_says_so()
    {
        var inf = float.PositiveInfinity;
        var panel = LogitFigure.Create([new MemoryLogits([1f, 0, -inf, 3, 2, inf, 5, 6], [0, 0, 0, 1], Names)], cancellationToken: Stop).Panel[0];

        Assert.Equal("infinite and not drawn: 25.0% of true and 25.0% of false logits", panel.Note);
        Assert.All(panel.Series, series => Assert.Equal(150, series.Y.Sum(), 9));
        Assert.Equal((0, 6), (panel.Series[0].X[0], Math.Round(panel.Series[0].X[^1], 9)));
    }

    [Fact]
    public void A_loss_has_its_colour_in_every_picture_and_no_two_series_look_alike()
    {
        static IReadOnlyList<FigureSeries> Draw(params string?[] losses) => TrainingFigure.Create([.. losses.Select(loss =>
            new RunResult { Loss = loss, History = [new HistoryPoint(1, 0.5, null)] })]).Panel[0].Series;

        var alone = LossCatalog.All.ToDictionary(info => info.Name, info => Draw(info.Name)[0].Color);
        Assert.Equal(alone.Count, alone.Values.Distinct().Count());

        // Seeds of one loss, and losses that nobody knows, leave a known loss its colour.
        var mixed = Draw("CE", "ArcFace", "CE", null, "BatchCE", "CE", "arcface", null, "NCE");
        Assert.All([0, 2, 5], i => Assert.Equal(alone["CE"], mixed[i].Color));
        Assert.Equal((alone["BatchCE"], alone["NCE"]), (mixed[4].Color, mixed[8].Color));
        Assert.Equal([0, 1, 2], new[] { 0, 2, 5 }.Select(i => mixed[i].Dash));
        Assert.Equal(mixed[1].Color, mixed[6].Color);
        Assert.DoesNotContain(mixed[1].Color, new[] { alone["CE"], alone["BatchCE"], alone["NCE"] });

        var many = Draw([.. Enumerable.Range(0, 40).Select(i => i % 3 == 0 ? "CE" : i % 3 == 1 ? $"Loss{i}" : null)]);
        Assert.Equal(40, many.Select(series => (series.Color, series.Dash)).Distinct().Count());
    }

    [Fact]
    public void Nothing_to_draw_is_an_error() =>
        Assert.Equal("FigureInputMissing", Assert.Throws<SlcException>(() => ComparisonFigure.Create([new RunResult { Loss = "CE" }])).ErrorId);

    [Fact]
    public void Equal_runs_get_names_of_their_own()
    {
        var runs = new[] { 0.1, 0.2, 0.2 }.Select(rate => new RunResult { Loss = "CE", LearningRate = rate, History = [new HistoryPoint(1, 1, 1)] }).ToList();

        Assert.Equal(["CE, rate 0.1", "CE, rate 0.2", "CE, rate 0.2 (2)"], TrainingFigure.Create(runs).Panel[0].Series.Select(series => series.Name));
    }
}

using LogitSeparation.Core.Reports;
using ScottPlot;
using Xunit;

namespace LogitSeparation.Core.Tests.Reports;

public sealed class FigureLayoutTests
{
    private static FigurePanel Line(FigureAxis y, params double[] values) => new()
    {
        X = new FigureAxis { Label = "step", Minimum = 0 },
        Y = y,
        Series = [new FigureSeries { Name = "a", Kind = FigureSeriesKind.Line, X = [.. values.Select((_, i) => (double)i)], Y = values, Color = FigureColor.Blue }],
    };

    private static double[] Ticks(FigurePanel panel, int width, int height)
    {
        FigureFont.Register();
        using var plot = FigurePlot.Create(panel, FigurePalette.Of(FigureTheme.Light), new PixelSize(width, height));
        using var paint = Paint.NewDisposablePaint();
        plot.Axes.Left.RegenerateTicks(height, paint);
        var limits = plot.Axes.GetLimits();
        return [.. plot.Axes.Left.TickGenerator.Ticks.Where(tick => tick.IsMajor).Select(tick => tick.Position).Where(at => at >= limits.Bottom - 1e-9 && at <= limits.Top + 1e-9)];
    }

    [Theory]
    [InlineData(0.2, 0.45)]
    [InlineData(0.91, 0.9101)]
    [InlineData(-3, 9)]
    [InlineData(1e-7, 3e-7)]
    [InlineData(0, 123_456)]
    [InlineData(5, 5)]
    public void A_value_axis_has_ticks_enough_to_be_read(double from, double to)
    {
        foreach (var (width, height) in new[] { (200, 110), (300, 160), (900, 500), (1600, 1000) })
        {
            Assert.InRange(Ticks(Line(new FigureAxis { Label = "y" }, from, to), width, height).Length, 2, 11);
            if (from > 0)
                Assert.InRange(Ticks(Line(new FigureAxis { Label = "y", IsLogarithmic = true }, from, to), width, height).Length, 2, 12);
        }
    }

    [Theory]
    [InlineData(3, 960, 500)]
    [InlineData(3, 500, 900)]
    [InlineData(4, 960, 500)]
    [InlineData(4, 1600, 300)]
    [InlineData(4, 400, 300)]
    public void Few_panels_leave_no_place_empty(int count, int width, int height) =>
        Assert.Equal(0, count % FigureDrawing.ChooseColumns(count, width, height));

    [Fact]
    public void A_picture_that_is_too_low_for_its_rows_is_refused_and_a_higher_one_drawn()
    {
        var figure = ComparisonFigure.Create([.. Enumerable.Range(0, 40).Select(i => new RunResult { Loss = $"Loss{i}", Auprc = 0.5, Accuracy = 0.5 })]);

        var error = Assert.Throws<SlcException>(() => FigureFile.DrawPng(figure, new FigureOptions { Width = 400, Height = 300 }));
        Assert.Equal("FigureTooSmall", error.ErrorId);
        Assert.Contains("-Height", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(FigureFile.DrawPng(figure, new FigureOptions { Width = 800, Height = 1200 }));
    }

    [Fact]
    public void Values_beside_bars_have_the_same_decimals_in_all_panels()
    {
        static Figure Margins(params double[] margins) => MarginFigure.Create([.. margins.Select(margin => new RunResult { Margin = margin })]);

        Assert.Equal("0.000", FigureTicks.FormatOf(Margins(0.5, -3)));
        Assert.Equal("0.0000", FigureTicks.FormatOf(Margins(0.5, 1)));
    }
}

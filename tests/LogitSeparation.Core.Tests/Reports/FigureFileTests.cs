using System.Xml.Linq;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Reports;
using LogitSeparation.Core.Tests.Formats;
using SkiaSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Reports;

public sealed class FigureFileTests
{
    private static Figure Bars => ComparisonFigure.Create(
        [new RunResult { Loss = "CE", Auprc = 0.5, Accuracy = 0.9 }, new RunResult { Loss = "BatchCE", Auprc = 0.75, Accuracy = 0.9 }]);

    [Theory]
    [InlineData(FigureTheme.Light, 640, 400)]
    [InlineData(FigureTheme.Dark, 1200, 500)]
    public void Png_has_the_size_and_background_asked_for_and_fills_it(FigureTheme theme, int width, int height)
    {
        using var folder = new TemporaryFolder();

        FigureFile.Export(Bars, folder["a.png"], new FigureOptions { Width = width, Height = height, Theme = theme });

        using var image = SKBitmap.Decode(folder["a.png"]);
        Assert.Equal((width, height), (image.Width, image.Height));
        Assert.Equal(theme == FigureTheme.Light, image.GetPixel(1, 1).Red > 128);
        // Something is drawn in each quarter.
        for (var quarter = 0; quarter < 4; quarter++)
        {
            var (left, top) = (quarter % 2 * width / 2, quarter / 2 * height / 2);
            var drawn = Enumerable.Range(0, width * height / 4)
                .Count(i => image.GetPixel(left + i % (width / 2), top + i / (width / 2)) != image.GetPixel(1, 1));
            Assert.InRange(drawn, 100, width * height / 4);
        }

        Assert.Equal(["a.png"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Svg_is_a_document_with_a_title_that_scales()
    {
        using var folder = new TemporaryFolder();

        FigureFile.Export(Bars, folder["a.svg"], new FigureOptions { Width = 700, Height = 400 });

        var root = XDocument.Load(folder["a.svg"]).Root!;
        Assert.Equal("0 0 700 400", root.Attribute("viewBox")!.Value);
        Assert.Equal(Bars.Title, root.Elements().First().Value);
        Assert.Contains("sans-serif", root.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Dashes_are_shapes_in_svg()
    {
        using var folder = new TemporaryFolder();
        RunResult Run(double rate, MetricsScore score) => new() { Loss = "CE", LearningRate = rate, Auprc = rate, Score = score };

        long Length(params MetricsScore[] scores)
        {
            FigureFile.Export(LearningRateFigure.Create([.. scores.SelectMany(score => new[] { Run(0.1, score), Run(0.5, score) })]), folder["a.svg"]);
            return XDocument.Load(folder["a.svg"]).Descendants().Where(item => item.Name.LocalName == "path").Max(item => item.Attribute("d")!.Value.Length);
        }

        // A dashed line is many small shapes, where a solid one has two ends. The second line of a loss is dashed.
        Assert.True(Length(MetricsScore.SingleLogit, MetricsScore.AllLogits) > 10 * Length(MetricsScore.SingleLogit));
    }

    [Fact]
    public void An_interval_reaches_as_far_up_as_it_says()
    {
        using var folder = new TemporaryFolder();

        string Shapes(double high)
        {
            // The last bar sets the range of the axis.
            FigureSeries Bar(double y, double x, double low, double upper) =>
                new() { Name = "", Kind = FigureSeriesKind.Bar, X = [x], Y = [y], Low = [low], High = [upper], Color = FigureColor.Blue };
            var panel = new FigurePanel
            {
                X = new FigureAxis { Label = "" },
                Y = new FigureAxis { Label = "", Category = ["b", "a"] },
                Series = [Bar(1, 0.2, 0.15, high), Bar(0, 1, double.NaN, double.NaN)],
            };
            FigureFile.Export(new Figure { Title = "", Panel = [panel] }, folder["a.svg"]);
            return string.Concat(XDocument.Load(folder["a.svg"]).Descendants().Where(item => item.Name.LocalName is "path" or "line" or "polyline"));
        }

        Assert.NotEqual(Shapes(0.25), Shapes(0.6));
    }

    [Fact]
    public void The_same_figure_gives_the_same_bytes() => Assert.Equal(
        FigureFile.DrawPng(Bars, new FigureOptions()), FigureFile.DrawPng(Bars, new FigureOptions()));

    [Fact]
    public void The_font_is_carried_along()
    {
        Assert.Equal("Inter", FigureFont.Find(bold: false).FamilyName);
        Assert.True(FigureFont.Find(bold: true).FontWeight > FigureFont.Find(bold: false).FontWeight);
        Assert.True(FigureFont.Find(bold: false).ContainsGlyphs("1−AUPRC ≥ μ é"));
    }

    [Fact]
    public void Other_extensions_and_sizes_are_refused()
    {
        Assert.Equal("FigureFormatUnknown", Assert.Throws<SlcException>(() => FigureFile.Export(Bars, "a.bmp")).ErrorId);
        Assert.Equal("FigureSizeOutOfRange", Assert.Throws<SlcException>(() => FigureFile.Export(Bars, "a.png", new() { Width = 10 })).ErrorId);
    }
}

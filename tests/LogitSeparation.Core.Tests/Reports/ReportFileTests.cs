using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Evaluation.Statistics;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Reports;
using LogitSeparation.Core.Runtime;
using LogitSeparation.Core.Tests.Formats;
using Xunit;

namespace LogitSeparation.Core.Tests.Reports;

public sealed class ReportFileTests
{
    private static RunOrigin Origin { get; } = new()
    {
        Version = "1.2.3",
        Network = "MLP 4-2",
        Parameter = new Dictionary<string, string> { ["Seed"] = "7" },
        DatasetChecksum = "abc123",
        DatasetSplit = "seed 0",
        Device = "cpu",
        ThreadCount = 3,
        Duration = TimeSpan.FromSeconds(2),
    };

    private static readonly RunResult[] Runs =
    [
        new() { Dataset = "a_b", Loss = "CE", Auprc = 0.1 + 0.2, Margin = double.NegativeInfinity, Origin = Origin },
        new() { Dataset = "a_b", Loss = "CE", Score = MetricsScore.AllLogits, Auprc = 0.9, Origin = Origin },
        new() { Dataset = "other|set", Loss = "<b>&", Auprc = 0.5 },
    ];

    private static string Write(string extension)
    {
        using var folder = new TemporaryFolder();
        var report = new Report { Title = "A & B", Created = DateTimeOffset.UnixEpoch, Run = Runs, Figure = [ComparisonFigure.Create(Runs)] };
        ReportFile.Export(report, folder["report" + extension]);
        return File.ReadAllText(folder["report" + extension]);
    }

    [Theory]
    [InlineData(".md")]
    [InlineData(".html")]
    [InlineData(".tex")]
    [InlineData(".csv")]
    [InlineData(".json")]
    public void All_formats_say_how_it_was_made(string extension)
    {
        var text = Write(extension);

        Assert.All(["abc123", "1.2.3", "MLP 4-2", "Seed", "cpu"], part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_best_among_runs_on_the_same_data_is_bold()
    {
        Assert.Contains("| CE, all logits | a\\_b | **0.1000** |", Write(".md"), StringComparison.Ordinal);
        Assert.Contains("CE, all logits & a\\_b & \\textbf{0.1000}", Write(".tex"), StringComparison.Ordinal);
        Assert.Contains("<strong>0.1000</strong>", Write(".html"), StringComparison.Ordinal);
        Assert.DoesNotContain("**0.5000**", Write(".md"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".md", "| Digits | BatchCE | 2 | **0.1000 ± 0.6353** |", "## Single runs")]
    [InlineData(".html", "<td>BatchCE</td><td class=\"number\">2</td><td class=\"number\"><strong>0.1000 &#177; 0.6353</strong></td>", "<h2>Single runs</h2>")]
    [InlineData(".tex", "Digits & CE & 2 & 0.2500 $\\pm$ 0.6353 \\\\\n & BatchCE & 2 & \\textbf{0.1000 $\\pm$ 0.6353} \\\\\n\\midrule\nSVHN & CE & 1 & 0.4000 \\\\\n", "0.6353")]
    public void Runs_of_several_seeds_are_the_papers_table_first(string extension, string rows, string also)
    {
        // The 97.5th percentile of t with one degree of freedom is 12.706, and the standard error of 0.05 and 0.15 is 0.05.
        static RunResult Run(string dataset, string loss, int seed, double error) => new() { Dataset = dataset, Loss = loss, Seed = seed, Auprc = 1 - error };
        using var folder = new TemporaryFolder();
        var report = new Report
        {
            Title = "T",
            Created = DateTimeOffset.UnixEpoch,
            Run = [Run("Digits", "BatchCE", 0, 0.05), Run("Digits", "BatchCE", 1, 0.15), Run("Digits", "CE", 0, 0.2), Run("Digits", "CE", 1, 0.3), Run("SVHN", "CE", 0, 0.4)],
        };

        ReportFile.Export(report, folder["report" + extension]);

        var text = File.ReadAllText(folder["report" + extension]);
        Assert.Contains(rows, text, StringComparison.Ordinal);
        Assert.Contains(also, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_escaped()
    {
        Assert.Contains("other\\|set", Write(".md"), StringComparison.Ordinal);
        Assert.Contains("\\caption{A \\& B.", Write(".tex"), StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;&amp;", Write(".html"), StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", Write(".html"), StringComparison.Ordinal);
    }

    [Fact]
    public void Latex_has_a_minus_and_no_character_that_a_font_lacks()
    {
        using var folder = new TemporaryFolder();
        ReportFile.Export(new Report { Title = "a<b>|\"", Created = DateTimeOffset.UnixEpoch, Run = [new RunResult { Loss = "CE", Margin = -1.5 }] }, folder["a.tex"]);

        var text = File.ReadAllText(folder["a.tex"]);
        Assert.Contains("a\\textless{}b\\textgreater{}\\textbar{}''", text, StringComparison.Ordinal);
        Assert.Contains("CE & $-$1.500", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_separation_report_carries_seed_and_rate_to_its_run()
    {
        var logits = new MemoryLogits([1f, 0, 0, 1], [0, 1], ["a", "b"]) { Seed = 4, LearningRate = 0.25 };

        var run = RunResults.Add(new RunResult(), Separation.Measure(logits, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal((4, 0.25), (run.Seed, run.LearningRate));
    }

    [Fact]
    public void No_option_of_training_is_forgotten()
    {
        var assembly = new AssemblyIdentity("Own", "0123");
        var parameters = RunOrigin.Parameters(new TrainingOptions { Augmentation = Augmentation.ShiftedCrop, Assembly = assembly }, new LossOptions(), "CE");

        string[] elsewhere = ["Network", "HiddenUnit", "Device"];
        var names = typeof(TrainingOptions).GetProperties().Select(property => property.Name == "StepCount" ? "Step" : property.Name).Except(elsewhere);
        Assert.Equal(names.Order(), parameters.Keys.Order());
        Assert.Equal(("ShiftedCrop", "0.03"), (parameters["Augmentation"], parameters["LearningRate"]));
    }

    [Fact]
    public void Options_that_decided_nothing_are_left_out()
    {
        var parameters = RunOrigin.Parameters(new TrainingOptions { Optimizer = OptimizerKind.Adam }, new LossOptions(), "CE");

        Assert.Empty(parameters.Keys.Intersect(["CropShift", "Momentum", "Assembly"]));
        Assert.Contains("Momentum", RunOrigin.Parameters(new TrainingOptions(), new LossOptions(), "CE").Keys);
    }

    [Fact]
    public void Csv_names_the_split_and_the_machine()
    {
        Assert.Contains(",DatasetSplit,", Write(".csv"), StringComparison.Ordinal);
        Assert.Contains("logical processors", Write(".csv"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".md")]
    [InlineData(".html")]
    [InlineData(".tex")]
    [InlineData(".csv")]
    [InlineData(".json")]
    public void The_libraries_that_computed_are_named_with_their_versions(string extension)
    {
        TorchRuntime.EnsureLoaded();

        Assert.Matches("TorchSharp 0\\.\\d+\\.\\d+", Write(extension));
        Assert.Contains($"libtorch {NativeLibraries.LibTorchVersion}", Write(extension), StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_needs_nothing_else()
    {
        var page = Write(".html");

        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);
        Assert.Contains("<figure><svg ", page, StringComparison.Ordinal);
        Assert.Contains("svg [fill=\"#1F2328\"] { fill: #E6EDF3; }", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_of_a_page_share_no_names_and_waste_no_room()
    {
        var page = Write(".html");
        var names = Regex.Matches(page, " id=\"([^\"]+)\"").Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(names);
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.DoesNotMatch(@"<path[^>]* d=""M([0-9. -]+)L\1""/>", page);
        Assert.DoesNotMatch(@" d=""[^""]*\.[0-9]{3}", page);
    }

    [Fact]
    public void Numbers_survive_csv_and_json()
    {
        var row = Write(".csv").Split("\r\n")[1].Split(',');
        Assert.Equal(0.1 + 0.2, double.Parse(row[7], CultureInfo.InvariantCulture));
        using var json = JsonDocument.Parse(Write(".json"));
        var first = json.RootElement.GetProperty("Run")[0];
        Assert.Equal(0.1 + 0.2, first.GetProperty("Auprc").GetDouble());
        Assert.Equal("-Infinity", first.GetProperty("Margin").GetString());
    }

    [Fact]
    public void Csv_and_json_have_every_measure()
    {
        var logits = new MemoryLogits([1f, 0, 3, 2, 5, 6], [0, 1, 1], ["a", "b"]) { Loss = "CE" };
        var options = new MetricsOptions { Recall = [0.5] };
        var metrics = SlcMetrics.Measure(logits, options, TestContext.Current.CancellationToken);
        var report = new Report { Title = "T", Created = DateTimeOffset.UnixEpoch, Run = [new RunResult { Auprc = 0.5 }, RunResults.Add(new RunResult(), metrics)] };
        using var folder = new TemporaryFolder();
        ReportFile.Export(report, folder["a.csv"]);
        ReportFile.Export(report, folder["a.json"]);

        var rows = File.ReadAllText(folder["a.csv"]).Split("\r\n").Select(row => row.Split(',')).ToArray();
        var columns = rows[0].ToList();
        Assert.All(Metric.In(metrics), metric => Assert.Equal(
            metric.Of(metrics)!.Value, double.Parse(rows[2][columns.IndexOf(metric.Name)], CultureInfo.InvariantCulture)));
        Assert.Equal(("", "3"), (rows[1][columns.IndexOf("BestF1")], rows[2][columns.IndexOf("ExampleCount")]));
        using var json = JsonDocument.Parse(File.ReadAllText(folder["a.json"]));
        var run = json.RootElement.GetProperty("Run")[1].GetProperty("Metrics");
        Assert.Equal(metrics.UniformAccuracy, run.GetProperty("UniformAccuracy").GetDouble());
        Assert.Equal(metrics.Class[1].Auprc, run.GetProperty("Class")[1].GetProperty("Auprc").GetDouble());
    }

    [Theory]
    [InlineData(".md")]
    [InlineData(".tex")]
    public void What_all_runs_have_in_common_is_said_once(string extension)
    {
        static RunResult Run(string seed) => new()
        {
            Loss = "CE",
            Auprc = 0.5,
            Seed = int.Parse(seed, CultureInfo.InvariantCulture),
            Origin = Origin with { Parameter = new Dictionary<string, string> { ["BatchSize"] = "128", ["Seed"] = seed } },
        };
        using var folder = new TemporaryFolder();
        ReportFile.Export(new Report { Title = "T", Created = DateTimeOffset.UnixEpoch, Run = [Run("3"), Run("4")] }, folder["a" + extension]);

        var text = File.ReadAllText(folder["a" + extension]);
        Assert.All(["All runs", "abc123", "BatchSize 128", "Seed 3", "Seed 4"], part => Assert.Single(Regex.Matches(text, part)));
    }

    [Fact]
    public void Straight_quotes_open_and_close_in_Latex()
    {
        using var folder = new TemporaryFolder();
        ReportFile.Export(new Report { Title = "\"x\" and (\"y z\")", Created = DateTimeOffset.UnixEpoch, Run = [new RunResult { Auprc = 0.5 }] }, folder["a.tex"]);

        Assert.Contains("\\caption{``x'' and (``y z'').", File.ReadAllText(folder["a.tex"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_extensions_are_refused() => Assert.Equal(
        "ReportFormatUnknown", Assert.Throws<SlcException>(() => ReportFile.CheckPath("a.docx")).ErrorId);
}

using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Evaluation.Statistics;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Reports;
using LogitSeparation.Core.Tests.Formats;
using Xunit;

namespace LogitSeparation.Core.Tests.Evaluation;

public sealed class LogitsProvenanceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static MemoryLogits Known => new([1f, 2, 3, 4], [0, 1], ["a", "b"])
    {
        Dataset = "Ärger 犬",
        Split = Split.Validation,
        Loss = "BatchCE",
        Seed = -3,
        LearningRate = 0.1 + 0.2,
        Setting = Chosen(gamma: 10),
    };

    private static RunSetting Chosen(double gamma) =>
        RunSetting.Of(new TrainingOptions { BatchSize = 32, StepCount = 70 }, "BatchMaxMargin", new LossOptions { Gamma = gamma });

    [Theory]
    [InlineData(".npz")]
    [InlineData(".safetensors")]
    public void What_is_known_of_a_model_comes_back(string extension)
    {
        var path = _folder["a" + extension];
        LogitsFile.Export(Known, path, false, Stop);

        var read = LogitsFile.Import(path, cancellationToken: Stop);
        Assert.Equal(("Ärger 犬", Split.Validation, "BatchCE", -3, 0.1 + 0.2), (read.Dataset, read.Split, read.Loss, read.Seed, read.LearningRate));
        Assert.Equal(Chosen(gamma: 10), read.Setting);
        Assert.NotEqual(Chosen(gamma: 2), read.Setting);
        Assert.Contains("Gamma 10", read.Setting!.Text, StringComparison.Ordinal);
        Assert.Equal(["a", "b"], read.ClassNames);

        var said = LogitsFile.Import(path, "Pets", Split.Test, "ce", null, 7, 0.5, Stop);
        Assert.Equal(("Pets", Split.Test, "CE", 7, 0.5), (said.Dataset, said.Split, said.Loss, said.Seed, said.LearningRate));

        // A table that stays in its file knows it too.
        var left = LogitsFile.Import(new LogitsOrigin(path), null, largestInMemory: 0, Stop);
        Assert.Equal(("BatchCE", -3), (left.Loss, left.Seed));
    }

    [Fact]
    public void NumPy_reads_it_without_pickle()
    {
        LogitsFile.Export(Known, _folder["a.npz"], false, Stop);

        var printed = NumPy.Run("print(ascii(np.load(sys.argv[1], allow_pickle=False)['slc_origin'].tolist()))", _folder["a.npz"]);

        Assert.Contains("['slc_seed', '-3']", printed, StringComparison.Ordinal);
        Assert.Contains("['slc_loss', 'BatchCE']", printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("{\"StepCount\":1,\"Training\":{\"a\":null},\"Loss\":{}}")]
    [InlineData("{\"StepCount\":1,\"Training\":{\"a\":1},\"Loss\":{}}")]
    [InlineData("{\"StepCount\":1,\"Training\":null,\"Loss\":{}}")]
    public void What_is_no_setting_is_none(string? text) => Assert.Null(RunSetting.FromJson(text));

    [Fact]
    public void Nothing_known_writes_nothing()
    {
        LogitsFile.Export(new MemoryLogits([1f, 2], [0], ["a", "b"]), _folder["a.npz"], false, Stop);

        Assert.Equal("['logits', 'labels', 'classes']", NumPy.Run("print(np.load(sys.argv[1]).files)", _folder["a.npz"]).Trim());
    }

    [Fact]
    public void Files_without_a_loss_are_told_apart_by_their_names()
    {
        foreach (var (name, values) in new[] { ("one", new[] { 1f, 2, 3, 4, 5, 4 }), ("two", [2f, 1, 4, 3, 5, 4]) })
            LogitsFile.Export(new MemoryLogits(values, [0, 1, 0], ["a", "b"]), _folder[name + ".npz"], false, Stop);
        Logits[] tables = [.. new[] { "one.npz", "two.npz" }.Select(name => LogitsFile.Import(_folder[name], cancellationToken: Stop))];
        SlcMetrics[] metrics = [.. tables.Select(table => SlcMetrics.Measure(table, cancellationToken: Stop))];

        Assert.Equal(tables.Select(table => table.Source), metrics.Select(item => item.Source));
        Assert.Equal(_folder["one.npz"], Separation.Measure(tables[0], cancellationToken: Stop).Source);
        Assert.Equal([1, 1], MetricsSummary.Of(metrics).Select(summary => summary.RunCount));
        var comparison = LossComparer.Compare(metrics, new() { Reference = "one.npz" })[0];
        Assert.Equal((_folder["two.npz"], "one.npz"), (comparison.Source, comparison.Reference));
        Assert.Contains("two.npz", comparison.Verdict, StringComparison.Ordinal);
        Assert.Equal(["two.npz", "one.npz"], ComparisonFigure.Create([.. metrics.Select(item => RunResults.Add(new RunResult(), item))]).Panel[0].Y.Category);
        Assert.Equal(["one.npz", "two.npz"], LogitFigure.Create(tables, cancellationToken: Stop).Panel.Select(panel => panel.Title));
    }

    [Theory]
    [InlineData(".md")]
    [InlineData(".html")]
    [InlineData(".tex")]
    [InlineData(".csv")]
    [InlineData(".json")]
    public void Reports_say_which_file_the_logits_are_of(string extension)
    {
        LogitsFile.Export(new MemoryLogits([1f, 2, 3, 4], [0, 1], ["a", "b"]), _folder["table.npz"], false, Stop);
        var metrics = SlcMetrics.Measure(LogitsFile.Import(_folder["table.npz"], cancellationToken: Stop), cancellationToken: Stop);
        var run = RunResults.Add(new RunResult(), metrics);

        ReportFile.Export(new Report { Title = "T", Created = DateTimeOffset.UnixEpoch, Run = [run] }, _folder["r" + extension]);

        var checksum = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_folder["table.npz"]))).ToLowerInvariant();
        var text = File.ReadAllText(_folder["r" + extension]);
        Assert.Contains(checksum, text, StringComparison.Ordinal);
        Assert.Contains("table.npz", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_gone_does_not_keep_a_report_from_being_written()
    {
        var run = new RunResult { Auprc = 0.5, Source = _folder["gone.npz"] };
        ReportFile.Export(new Report { Title = "T", Created = DateTimeOffset.UnixEpoch, Run = [run] }, _folder["r.md"]);

        Assert.Contains("could not be read any more", File.ReadAllText(_folder["r.md"]), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}

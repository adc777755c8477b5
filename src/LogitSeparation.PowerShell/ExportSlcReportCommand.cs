using System.Management.Automation;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Reports;

namespace LogitSeparation.PowerShell;

/// <summary>Gathers models, logits or results into one file with their measures and how they were made.</summary>
[Cmdlet(VerbsData.Export, "SlcReport", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportSlcReportCommand : RunCommand
{
    /// <summary>The report's heading.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Title { get; set; } = "Single logit classification";

    /// <inheritdoc/>
    protected override void Begin() => ReportFile.CheckPath(Path);

    /// <inheritdoc/>
    private protected override void Finish()
    {
        var report = ReportFile.HasFigures(Path) ? WithFigures() : Report(Runs(new(), separation: true, allLogits: true), []);
        Export($"report '{report}'", path => ReportFile.Export(report, path));
    }

    private Report Report(IReadOnlyList<RunResult> runs, IReadOnlyList<Figure> figures) =>
        new() { Title = Title, Created = DateTimeOffset.UtcNow, Run = runs, Figure = figures };

    // Of each table, its curve and the spread of its logits are kept, and not the table.
    private Report WithFigures()
    {
        var (curves, spreads) = (new List<SlcMetrics>(), new List<LogitSpread>());
        var runs = Runs(PrecisionRecallFigure.Measured, separation: true, allLogits: true, (table, metrics) =>
        {
            curves.Add(metrics);
            spreads.Add(LogitSpread.Measure(table, cancellationToken: Cancellation));
        });
        return Report(runs, Figures(runs, curves, spreads));
    }

    // Those that the input is enough for.
    private static List<Figure> Figures(IReadOnlyList<RunResult> runs, List<SlcMetrics> curves, List<LogitSpread> spreads)
    {
        var figures = new List<Figure>();
        if (runs.Any(run => run.Auprc is not null))
            figures.Add(ComparisonFigure.Create(runs));
        if (curves.Count > 0)
            figures.AddRange([PrecisionRecallFigure.Create(curves), LogitFigure.Create(spreads)]);
        if (runs.Any(run => run.Margin is { } margin && double.IsFinite(margin)))
            figures.Add(MarginFigure.Create(runs));
        // A point for each loss is no curve.
        if (runs.Where(run => run.Auprc is not null).GroupBy(run => (run.Name, run.Dataset, run.Split)).Any(group => group.Select(run => run.LearningRate).OfType<double>().Distinct().Count() > 1))
            figures.Add(LearningRateFigure.Create(runs));
        if (runs.Any(run => run.History.Count > 0))
            figures.Add(TrainingFigure.Create([.. runs.Where(run => run.Score == MetricsScore.SingleLogit)]));
        return figures;
    }
}

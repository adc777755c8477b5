using System.Management.Automation;
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
        var runs = Runs(metrics: true, separation: true, allLogits: true);
        var report = new Report { Title = Title, Created = DateTimeOffset.UtcNow, Run = runs, Figure = ReportFile.HasFigures(Path) ? Figures(runs) : [] };
        Export($"report '{report}'", path => ReportFile.Export(report, path));
    }

    // Those that the input is enough for.
    private List<Figure> Figures(IReadOnlyList<RunResult> runs)
    {
        var figures = new List<Figure>();
        if (runs.Any(run => run.Auprc is not null))
            figures.Add(ComparisonFigure.Create(runs));
        if (HasTables)
        {
            figures.Add(PrecisionRecallFigure.Create(Tables(), null, Cancellation));
            figures.Add(LogitFigure.Create(Tables(), null, Cancellation));
        }

        if (runs.Any(run => run.Margin is { } margin && double.IsFinite(margin)))
            figures.Add(MarginFigure.Create(runs));
        if (runs.Where(run => run.Auprc is not null).Select(run => run.LearningRate).OfType<double>().Distinct().Count() > 1)
            figures.Add(LearningRateFigure.Create(runs));
        if (runs.Any(run => run.History.Count > 0))
            figures.Add(TrainingFigure.Create([.. runs.Where(run => run.Score == Core.Evaluation.MetricsScore.SingleLogit)]));
        return figures;
    }
}

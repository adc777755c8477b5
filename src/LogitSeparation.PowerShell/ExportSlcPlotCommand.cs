using System.Management.Automation;
using LogitSeparation.Core.Reports;

namespace LogitSeparation.PowerShell;

/// <summary>Draws models, logits or results into a picture.</summary>
[Cmdlet(VerbsData.Export, "SlcPlot", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportSlcPlotCommand : RunCommand
{
    /// <summary>What the plot shows.</summary>
    [Parameter(Position = 1)]
    [NamedValue<PlotKind>]
    public PlotKind Kind { get; set; } = PlotKind.Logits;

    /// <summary>The class whose logits are meant.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ClassCompleter))]
    public string? Class { get; set; }

    /// <summary>What is shown against the learning rate.</summary>
    [Parameter]
    [NamedValue<ReportMeasure>]
    public ReportMeasure Measure { get; set; } = ReportMeasure.Auprc;

    /// <summary>The width in pixels.</summary>
    [Parameter]
    [ValidateRange(FigureOptions.SmallestSize, FigureOptions.LargestSize)]
    public int Width { get; set; } = 960;

    /// <summary>The height in pixels.</summary>
    [Parameter]
    [ValidateRange(FigureOptions.SmallestSize, FigureOptions.LargestSize)]
    public int Height { get; set; } = 600;

    /// <summary>What it is drawn on.</summary>
    [Parameter]
    [NamedValue<FigureTheme>]
    public FigureTheme Theme { get; set; } = FigureTheme.Light;

    /// <inheritdoc/>
    protected override void Begin() => FigureFile.CheckPath(Path);

    /// <inheritdoc/>
    private protected override void Finish()
    {
        var figure = CreateFigure();
        Export($"plot '{figure.Title}'", path =>
            FigureFile.Export(figure, path, new FigureOptions { Width = Width, Height = Height, Theme = Theme }));
    }

    // Measurements of time have one picture, which need not be asked for.
    private PlotKind ChosenKind => MyInvocation.BoundParameters.ContainsKey(nameof(Kind)) || !HasLatencies ? Kind : PlotKind.Latency;

    private Figure CreateFigure() => ChosenKind switch
    {
        PlotKind.PrecisionRecall => PrecisionRecallFigure.Create(Tables(), Class, Cancellation),
        PlotKind.Training => TrainingFigure.Create(Runs(metrics: null, separation: false)),
        PlotKind.Margin => MarginFigure.Create(Runs(metrics: null, separation: true)),
        PlotKind.LearningRate => LearningRateFigure.Create(Runs(Measure == ReportMeasure.Margin ? null : new(), separation: true), Measure),
        PlotKind.Comparison => ComparisonFigure.Create(Runs(new(), separation: false, allLogits: true)),
        PlotKind.Latency => LatencyFigure.Create(Latencies()),
        _ => LogitFigure.Create(Tables(), Class, Cancellation),
    };
}

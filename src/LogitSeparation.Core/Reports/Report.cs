namespace LogitSeparation.Core.Reports;

/// <summary>Runs with their measures, and all that has to be known to make them again.</summary>
public sealed record Report
{
    /// <summary>The heading.</summary>
    public required string Title { get; init; }

    /// <summary>When the report was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The version of this software that made the report.</summary>
    public string Version { get; init; } = typeof(Report).Assembly.GetName().Version!.ToString(3);

    /// <summary>The libraries that compute, and their versions.</summary>
    public IReadOnlyList<string> Library { get; init; } = ReportLibraries.Read();

    /// <summary>The machine that measured.</summary>
    public ReportMachine Machine { get; init; } = ReportMachine.Read();

    /// <summary>The runs, in the order of the table; at least one.</summary>
    public required IReadOnlyList<RunResult> Run { get; init; }

    /// <summary>The files that logits were read from.</summary>
    public IReadOnlyList<ReportSource> Source { get; init; } = [];

    /// <summary>Figures for formats that can hold them.</summary>
    public IReadOnlyList<Figure> Figure { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{Title} ({Run.Count} runs)";
}

using System.Management.Automation;
using LogitSeparation.Core.Latency;
using LogitSeparation.Core.Models;

namespace LogitSeparation.PowerShell;

/// <summary>Measures what one logit costs, and some, all, and what other methods need for the probability of one class.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "SlcLatency", DefaultParameterSetName = SizeSet)]
[OutputType(typeof(LatencyMeasure))]
public sealed class MeasureSlcLatencyCommand : SlcCommand
{
    private const string SizeSet = "Size";
    private const string ModelSet = "Model";

    private static readonly LatencyRequest Defaults = new();

    /// <summary>The model whose trunk and head are measured.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ModelSet)]
    [ValidateNotNull]
    public Model Model { get; set; } = null!;

    /// <summary>What is computed.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [NamedValue<LatencyMethod>]
    public LatencyMethod[] Method { get; set; } = [.. Defaults.Method];

    /// <summary>The numbers of classes.</summary>
    [Parameter(ParameterSetName = SizeSet)]
    [ValidateNotNullOrEmpty]
    public int[] ClassCount { get; set; } = [.. Defaults.ClassCount];

    /// <summary>The numbers of features.</summary>
    [Parameter(ParameterSetName = SizeSet)]
    [ValidateNotNullOrEmpty]
    public int[] FeatureCount { get; set; } = [.. Defaults.FeatureCount];

    /// <summary>The numbers of examples of a call.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public int[] BatchSize { get; set; } = [.. Defaults.BatchSize];

    /// <summary>Where the weights are before a call.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [NamedValue<CacheState>]
    public CacheState[] Memory { get; set; } = [.. Defaults.Memory];

    /// <summary>How many logits are some.</summary>
    [Parameter]
    public int SomeCount { get; set; } = Defaults.SomeCount;

    /// <summary>The number of training examples of each class, or numbers in their proportion.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public double[]? ClassFrequency { get; set; }

    /// <summary>The exponent of Zipf's law.</summary>
    [Parameter]
    public double ZipfExponent { get; set; } = Defaults.ZipfExponent;

    /// <summary>After how many of the most frequent classes further parts begin.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public int[]? Cutoff { get; set; }

    /// <summary>Which classes are asked for.</summary>
    [Parameter]
    [NamedValue<ClassDraw>]
    public ClassDraw Draw { get; set; } = Defaults.Draw;

    /// <summary>The number of rounds that the median is taken over.</summary>
    [Parameter]
    public int Repetition { get; set; } = Defaults.RoundCount;

    /// <summary>After so many seconds a measurement begins no further round.</summary>
    [Parameter]
    [ValidateRange(1e-3, 1e6)]
    public double TimeLimit { get; set; } = Defaults.TimeLimit.TotalSeconds;

    /// <summary>Decides weights, features and classes.</summary>
    [Parameter]
    public int Seed { get; set; } = Defaults.Seed;

    /// <inheritdoc/>
    protected override void Process()
    {
        using var line = new ProgressLine(this, "Latency");
        string? said = null;
        foreach (var measure in LatencyTest.Run(Request(), Model, progress => line.Report(progress.Status, (double)progress.Done / progress.Total), Cancellation))
        {
            WriteObject(measure);
            if (measure.Note is null || measure.Note == said)
                continue;
            said = measure.Note;
            WriteWarning($"{measure.Method}, k = {measure.ClassCount}, d = {measure.FeatureCount}: {said}.");
        }
    }

    private LatencyRequest Request() => new()
    {
        Method = Method,
        ClassCount = ClassFrequency is not null && !MyInvocation.BoundParameters.ContainsKey(nameof(ClassCount)) ? new[] { ClassFrequency.Length } : ClassCount,
        FeatureCount = FeatureCount,
        BatchSize = BatchSize,
        Memory = Memory,
        SomeCount = SomeCount,
        ClassFrequency = ClassFrequency,
        ZipfExponent = ZipfExponent,
        Cutoff = Cutoff,
        Draw = Draw,
        RoundCount = Repetition,
        TimeLimit = TimeSpan.FromSeconds(TimeLimit),
        Seed = Seed,
    };
}

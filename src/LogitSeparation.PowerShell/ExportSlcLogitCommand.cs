using System.Management.Automation;
using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.PowerShell;

/// <summary>Writes logits with labels to files.</summary>
[Cmdlet(VerbsData.Export, "SlcLogit", SupportsShouldProcess = true)]
[OutputType(typeof(Logits))]
public sealed class ExportSlcLogitCommand : ExportCommand
{
    /// <summary>The logits.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public Logits Logits { get; set; } = null!;

    /// <inheritdoc/>
    protected override void Process() => Export(
        Logits, new([Logits.Dataset, Logits.Loss, Logits.Split?.ToString()], Logits.Seed, Logits.LearningRate, ".npz"),
        path => LogitsFile.Export(Logits, path, cancellationToken: Cancellation));

    /// <inheritdoc/>
    private protected override IEnumerable<string> Companions(string path) => LogitsFile.Companions(path);
}

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
    protected override void Process() => Export(Logits, FileName(), path => LogitsFile.Export(Logits, path, cancellationToken: Cancellation));

    private string FileName()
    {
        var parts = new[] { Logits.Dataset, Logits.Loss, Logits.Split?.ToString() }.Where(part => !string.IsNullOrEmpty(part));
        return (parts.Any() ? string.Join('-', parts) : "logits") + ".npz";
    }
}

using System.Management.Automation;
using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.PowerShell;

/// <summary>Reads logits with labels from files.</summary>
[Cmdlet(VerbsData.Import, "SlcLogit", DefaultParameterSetName = "Path")]
[OutputType(typeof(Logits))]
public sealed class ImportSlcLogitCommand : ImportCommand
{
    /// <inheritdoc/>
    protected override void Import(string path) => WriteObject(LogitsFile.Import(path));
}

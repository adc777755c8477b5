using System.Management.Automation;
using LogitSeparation.Core.Models;

namespace LogitSeparation.PowerShell;

/// <summary>Reads models from .safetensors files.</summary>
[Cmdlet(VerbsData.Import, "SlcModel", DefaultParameterSetName = "Path")]
[OutputType(typeof(Model))]
public sealed class ImportSlcModelCommand : ImportCommand
{
    /// <inheritdoc/>
    protected override void Import(string path) => WriteObject(ModelFile.Import(path, Cancellation));
}

using System.Management.Automation;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Runtime;

namespace LogitSeparation.PowerShell;

/// <summary>Reads models from .safetensors files.</summary>
[Cmdlet(VerbsData.Import, "SlcModel", DefaultParameterSetName = "Path")]
[OutputType(typeof(Model))]
public sealed class ImportSlcModelCommand : ImportCommand
{
    /// <summary>The user's own assembly that the networks come from.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AssemblyPath { get; set; }

    /// <inheritdoc/>
    protected override void Begin()
    {
        if (AssemblyPath is not null)
            UserAssembly.Load(FilePaths.Resolve(this, AssemblyPath));
    }

    /// <inheritdoc/>
    protected override void Import(string path) => WriteObject(ModelFile.Import(path, Cancellation));
}

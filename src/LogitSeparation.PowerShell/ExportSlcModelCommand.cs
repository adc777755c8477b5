using System.Management.Automation;
using LogitSeparation.Core.Models;

namespace LogitSeparation.PowerShell;

/// <summary>Writes models to .safetensors files.</summary>
[Cmdlet(VerbsData.Export, "SlcModel", SupportsShouldProcess = true)]
[OutputType(typeof(Model))]
public sealed class ExportSlcModelCommand : ExportCommand
{
    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public Model Model { get; set; } = null!;

    /// <inheritdoc/>
    protected override void Process() =>
        Export(Model, new([Model.Dataset, Model.Loss], Model.Training.Seed, Model.LearningRate, ".safetensors"),
            path => ModelFile.Export(Model, path, Cancellation));
}

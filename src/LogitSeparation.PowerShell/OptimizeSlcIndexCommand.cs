using System.Management.Automation;
using LogitSeparation.Core.Indexing;
using LogitSeparation.Core.Models;

namespace LogitSeparation.PowerShell;

/// <summary>Makes the graph of an index, which approximate answers come from.</summary>
[Cmdlet(VerbsCommon.Optimize, "SlcIndex", SupportsShouldProcess = true)]
[OutputType(typeof(FeatureIndex))]
public sealed class OptimizeSlcIndexCommand : SlcCommand
{
    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public Model Model { get; set; } = null!;

    /// <summary>The file of the index.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string IndexPath { get; set; } = "";

    /// <inheritdoc/>
    protected override void Process()
    {
        var index = FeatureIndex.Open(FilePaths.Resolve(this, IndexPath));
        if (!ShouldProcess(index.Path, "Make the graph for approximate answers"))
            return;
        GraphProgress.Build(this, index, Model, Cancellation);
        WriteObject(index);
    }
}

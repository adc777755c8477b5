using System.Management.Automation;
using LogitSeparation.Core.Indexing;

namespace LogitSeparation.PowerShell;

/// <summary>Says what indexes hold.</summary>
[Cmdlet(VerbsCommon.Get, "SlcIndex", DefaultParameterSetName = "Path")]
[OutputType(typeof(FeatureIndex))]
public sealed class GetSlcIndexCommand : ImportCommand
{
    /// <summary>Compare all features with their checksums.</summary>
    [Parameter]
    public SwitchParameter Verify { get; set; }

    /// <inheritdoc/>
    protected override void Import(string path)
    {
        var index = FeatureIndex.Open(path);
        if (Verify)
            index.Verify(Cancellation);
        WriteObject(index);

        // What is wrong with a graph is no reason to say nothing of its index.
        if (index.Graph is { } graph && Verify)
            graph.Verify(Cancellation);
    }
}

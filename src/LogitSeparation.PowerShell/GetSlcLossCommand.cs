using System.Management.Automation;
using LogitSeparation.Core.Losses;

namespace LogitSeparation.PowerShell;

/// <summary>Lists the losses, with formula, source, alignment with the principle, and parameters.</summary>
[Cmdlet(VerbsCommon.Get, "SlcLoss")]
[OutputType(typeof(LossInfo))]
public sealed class GetSlcLossCommand : SlcCommand
{
    /// <summary>The names.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LossCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var name in LossNames.ResolveAll(Name))
            WriteObject(LossCatalog.Find(name));
    }
}

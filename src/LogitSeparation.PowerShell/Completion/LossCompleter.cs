using System.Collections;
using LogitSeparation.Core.Losses;

namespace LogitSeparation.PowerShell;

/// <summary>Completes the names of the losses.</summary>
public sealed class LossCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string ToolTip)> Names(IDictionary boundParameters) =>
        LossCatalog.Known.Select(loss => (loss.Name, $"{loss.Title}: {loss.Formula}"));
}

using System.Collections;
using LogitSeparation.Core.Networks;

namespace LogitSeparation.PowerShell;

/// <summary>Completes the names of the networks.</summary>
public sealed class NetworkCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string ToolTip)> Names(IDictionary boundParameters) =>
        NetworkCatalog.Names.Select(name => (name, NetworkCatalog.Inspect(name, [], [], 10).Source))
            .Append((NetworkCatalog.Auto, "the paper's network for such examples"));
}

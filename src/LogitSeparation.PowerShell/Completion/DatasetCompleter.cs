using System.Collections;
using LogitSeparation.Core.Data;

namespace LogitSeparation.PowerShell;

/// <summary>Completes the names of the data sets.</summary>
public sealed class DatasetCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string ToolTip)> Names(IDictionary boundParameters) =>
        DatasetCatalog.List().Select(dataset => (dataset.Name, dataset.Description));
}

using System.Collections;
using System.Management.Automation;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;

namespace LogitSeparation.PowerShell;

/// <summary>Completes the names of the classes that a data set has and a model, where it is there already, lacks.</summary>
public sealed class NewClassCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string ToolTip)> Names(IDictionary boundParameters)
    {
        ArgumentNullException.ThrowIfNull(boundParameters);
        if (Plain(boundParameters["Dataset"]) is not Dataset dataset)
            return [];
        var had = Plain(boundParameters["Model"]) is Model model ? model.ClassNames : [];
        return dataset.ClassNames.Except(had, StringComparer.Ordinal).Select(name => (name, $"A class of {dataset.Name}"));
    }

    private static object? Plain(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}

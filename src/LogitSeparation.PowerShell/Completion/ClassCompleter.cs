using System.Collections;
using System.Management.Automation;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Models;

namespace LogitSeparation.PowerShell;

/// <summary>Completes the names of the classes of the model or logits that are there already.</summary>
public sealed class ClassCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string ToolTip)> Names(IDictionary boundParameters)
    {
        ArgumentNullException.ThrowIfNull(boundParameters);
        var names = Value(boundParameters, "Model") is Model model ? model.ClassNames
            : Value(boundParameters, "Logits") is Logits logits ? logits.ClassNames
            : [];
        return names.Select((name, index) => (name, $"Class {index}: {name}"));
    }

    private static object? Value(IDictionary boundParameters, string name) =>
        boundParameters[name] is PSObject wrapped ? wrapped.BaseObject : boundParameters[name];
}

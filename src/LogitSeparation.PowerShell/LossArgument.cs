using System.Collections;
using System.Management.Automation;

namespace LogitSeparation.PowerShell;

/// <summary>
/// A loss as a user asks for it: a name, with wildcards or without, or a script block that computes it, alone or as <c>@{ Name = { … } }</c>.
/// PowerShell makes it of either.
/// </summary>
public sealed class LossArgument
{
    /// <summary>Takes a name.</summary>
    /// <param name="name">The name.</param>
    public LossArgument(string name) => Name = name;

    /// <summary>Takes a script block without a name.</summary>
    /// <param name="script">Computes the loss of logits and labels.</param>
    public LossArgument(ScriptBlock script) => Script = script;

    /// <summary>Takes a name and a script block.</summary>
    /// <param name="named">A table with one entry.</param>
    public LossArgument(IDictionary named)
    {
        ArgumentNullException.ThrowIfNull(named);
        var entry = named.Cast<DictionaryEntry>().FirstOrDefault();
        Name = entry.Key?.ToString();
        Script = (entry.Value is PSObject wrapped ? wrapped.BaseObject : entry.Value) as ScriptBlock;
        IsUsable = named.Count == 1 && Script is not null;
    }

    /// <summary>False for a table that is not one name with a script block.</summary>
    public bool IsUsable { get; } = true;

    /// <summary>The name; null for a script block without one.</summary>
    public string? Name { get; }

    /// <summary>The script block; null for a loss that is asked for by name.</summary>
    public ScriptBlock? Script { get; }

    /// <inheritdoc/>
    public override string ToString() => Name ?? $"{{{Script}}}";
}

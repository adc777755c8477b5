using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Models;

namespace LogitSeparation.PowerShell;

/// <summary>Completes the names of the classes of the model or logits that are there already, as a parameter or in a variable that is piped in.</summary>
public sealed class ClassCompleter : NameCompleter
{
    private static readonly string[] Sources = ["Model", "Logits", "InputObject"];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string ToolTip)> Names(IDictionary boundParameters, CommandAst command)
    {
        ArgumentNullException.ThrowIfNull(boundParameters);
        ArgumentNullException.ThrowIfNull(command);
        var names = ClassNames(Sources.Select(name => boundParameters[name]).Append(Piped(command)));
        return names.Select((name, index) => (name, $"Class {index}: {name}"));
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string ToolTip)> Names(IDictionary boundParameters) => [];

    private static IReadOnlyList<string> ClassNames(IEnumerable<object?> sources)
    {
        foreach (var source in sources)
        {
            switch (First(source))
            {
                case Model model: return model.ClassNames;
                case Logits logits: return logits.ClassNames;
            }
        }

        return [];
    }

    /// <summary>The value of a variable that stands at the head of the command's pipeline. Nothing is run to find it.</summary>
    private static PSObject? Piped(CommandAst command)
    {
        if (command.Parent is not PipelineAst { PipelineElements: [CommandExpressionAst { Expression: VariableExpressionAst variable }, ..] })
            return null;
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        var found = shell.AddCommand(@"Microsoft.PowerShell.Utility\Get-Variable").AddParameter("Name", WildcardPattern.Escape(variable.VariablePath.UserPath))
            .AddParameter("ValueOnly").AddParameter("ErrorAction", ActionPreference.Ignore).Invoke();
        return found.Count > 0 ? found[0] : null;
    }

    private static object? First(object? value) => value switch
    {
        PSObject wrapped => First(wrapped.BaseObject),
        IList { Count: > 0 } list => First(list[0]),
        _ => value,
    };
}

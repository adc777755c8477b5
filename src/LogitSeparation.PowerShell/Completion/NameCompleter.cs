using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace LogitSeparation.PowerShell;

/// <summary>Completes a parameter from a list of names.</summary>
public abstract class NameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = (wordToComplete ?? "").Trim('\'', '"');
        foreach (var (name, toolTip) in Names(fakeBoundParameters, commandAst))
        {
            if (name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                yield return new CompletionResult(Quote(name), name, CompletionResultType.ParameterValue, toolTip);
        }
    }

    /// <summary>The names and what to say of each.</summary>
    /// <param name="boundParameters">The parameters that are there already.</param>
    /// <param name="command">The command, in its pipeline.</param>
    protected virtual IEnumerable<(string Name, string ToolTip)> Names(IDictionary boundParameters, CommandAst command) => Names(boundParameters);

    /// <summary>The names and what to say of each.</summary>
    /// <param name="boundParameters">The parameters that are there already.</param>
    protected abstract IEnumerable<(string Name, string ToolTip)> Names(IDictionary boundParameters);

    private static string Quote(string name) =>
        name.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or ':')
            ? name
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(name)}'";
}

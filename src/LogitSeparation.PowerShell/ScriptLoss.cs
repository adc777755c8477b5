using System.Management.Automation;
using LogitSeparation.Core;
using LogitSeparation.Core.Losses;

namespace LogitSeparation.PowerShell;

/// <summary>A loss that a script block computes, on the thread of the pipeline.</summary>
internal static class ScriptLoss
{
    /// <summary>The function that calls the script block.</summary>
    /// <param name="name">The name of the loss, for messages.</param>
    /// <param name="script">Takes logits and labels.</param>
    public static LossFunction Create(string name, ScriptBlock script) => (logits, labels) =>
    {
        var result = Invoke(name, script, logits, labels);
        return (result is PSObject wrapped ? wrapped.BaseObject : result) as LossTensor
            ?? throw new SlcException("LossInvalid", SlcErrorKind.InvalidArgument,
                $"The loss {name} gives {Describe(result)} and not one table of numbers made of the logits. Let it leave nothing else on the pipeline.", name);
    };

    private static object? Invoke(string name, ScriptBlock script, LossTensor logits, LossTensor labels)
    {
        try
        {
            return script.InvokeReturnAsIs(logits, labels);
        }
        catch (RuntimeException failure) when (failure is not PipelineStoppedException)
        {
            var cause = failure.InnerException ?? failure;
            var line = failure.ErrorRecord?.InvocationInfo?.Line.Trim();
            throw cause as SlcException ?? new SlcException("LossFailed", SlcErrorKind.InvalidArgument,
                $"The loss {name} failed{(string.IsNullOrEmpty(line) ? "" : $" at '{line}'")}: {cause.Message.Split('\n')[0].Trim().TrimEnd('.')}.", name, failure);
        }
    }

    private static string Describe(object? result) => result switch
    {
        null => "nothing",
        PSObject { BaseObject: var inner } => inner.GetType().Name,
        _ => result.GetType().Name,
    };
}

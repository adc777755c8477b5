using System.Management.Automation;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Models;

namespace LogitSeparation.PowerShell;

/// <summary>Refuses what is no measures and has none, and says how to get them.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MeasuresNeededAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var items = LanguagePrimitives.GetEnumerable(inputData)?.Cast<object?>() ?? [inputData];
        var other = items.OfType<object>().Select(PSObject.AsPSObject)
            .FirstOrDefault(item => item.BaseObject is not SlcMetrics && item.Properties[nameof(MetricsCommand.Metrics)] is null)?.BaseObject;
        var remedy = other is Model or Logits ? "pipe it to Measure-SlcMetrics first, and what that gives to this command"
            : "pipe in what Measure-SlcMetrics gives, or trials";
        return other is null ? inputData : throw new ArgumentTransformationMetadataException(
            $"'{other}' is {Kind(other)}, and measures are needed here: {remedy}.");
    }

    private static string Kind(object other) => other switch
    {
        Model => "a model",
        Logits => "a table of logits",
        _ => $"of type {other.GetType().Name}",
    };
}

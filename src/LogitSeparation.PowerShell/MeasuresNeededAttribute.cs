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
        object?[] items = [.. LanguagePrimitives.GetEnumerable(inputData)?.Cast<object?>() ?? [inputData]];
        var read = Array.ConvertAll(items, item => item is PSObject { BaseObject: PSCustomObject } row && row.Properties[nameof(MetricsCommand.Metrics)] is null
            ? RunProperties.ReadMetrics(row) : null);
        if (items.Length > 0 && Array.TrueForAll(read, item => item is not null))
            return read;
        var other = items.Where((item, i) => item is not null && read[i] is null).Select(item => PSObject.AsPSObject(item!))
            .FirstOrDefault(item => item.BaseObject is not SlcMetrics && item.Properties[nameof(MetricsCommand.Metrics)] is null);
        var remedy = other?.BaseObject is Model or Logits ? "pipe it to Measure-SlcMetrics first, and what that gives to this command"
            : "pipe in what Measure-SlcMetrics gives, trials, or rows with properties such as Loss, Seed and Auprc, as a report in a .csv file has them";
        return other is null ? inputData : throw new ArgumentTransformationMetadataException(
            $"'{other}' is {Kind(other)}, and measures are needed here: {remedy}.");
    }

    private static string Kind(PSObject other) => other.BaseObject switch
    {
        Model => "a model",
        Logits => "a table of logits",
        PSCustomObject => "an object without measures",
        _ => $"of type {other.BaseObject.GetType().Name}",
    };
}

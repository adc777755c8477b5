using System.Management.Automation;
using LogitSeparation.Core.Thresholds;

namespace LogitSeparation.PowerShell;

/// <summary>Takes thresholds as they were measured for those that a model carries, alone or in a list.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KeptThresholdAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Plain(inputData) switch
    {
        ClassThreshold measured => measured.ToKept(),
        { } list when LanguagePrimitives.GetEnumerable(list) is { } items =>
            items.Cast<object?>().Select(item => Plain(item) is ClassThreshold measured ? measured.ToKept() : item).ToArray(),
        _ => inputData,
    };

    private static object? Plain(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}

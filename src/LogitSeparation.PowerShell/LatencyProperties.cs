using System.Management.Automation;
using LogitSeparation.Core.Latency;

namespace LogitSeparation.PowerShell;

/// <summary>Reads a measurement of time off any object by the names of its properties, such as a row of a CSV file.</summary>
internal static class LatencyProperties
{
    /// <summary>The measurement; null where the object is none.</summary>
    public static LatencyMeasure? Read(PSObject item)
    {
        if (item.BaseObject is LatencyMeasure measure)
            return measure;
        if (Value<LatencyMethod>(item, nameof(measure.Method)) is not { } method || Value<int>(item, nameof(measure.ClassCount)) is not { } classCount
            || item.Properties[nameof(measure.Nanoseconds)] is null)
            return null;
        return new()
        {
            Method = method,
            ClassCount = classCount,
            FeatureCount = Value<int>(item, nameof(measure.FeatureCount)) ?? 0,
            BatchSize = Value<int>(item, nameof(measure.BatchSize)) ?? 1,
            Memory = Value<CacheState>(item, nameof(measure.Memory)) ?? CacheState.Warm,
            Nanoseconds = Value<double>(item, nameof(measure.Nanoseconds)),
            LowerQuartile = Value<double>(item, nameof(measure.LowerQuartile)),
            UpperQuartile = Value<double>(item, nameof(measure.UpperQuartile)),
            MultiplyAddCount = Value<double>(item, nameof(measure.MultiplyAddCount)) ?? double.NaN,
            WeightBytes = Value<double>(item, nameof(measure.WeightBytes)) ?? double.NaN,
            MemoryBytes = Value<long>(item, nameof(measure.MemoryBytes)) ?? 0,
            ThreadCount = Value<int>(item, nameof(measure.ThreadCount)) ?? 1,
            Processor = item.Properties[nameof(measure.Processor)]?.Value?.ToString() ?? "",
        };
    }

    private static T? Value<T>(PSObject item, string name)
        where T : struct
    {
        var value = item.Properties[name]?.Value;
        return value is not null and not "" && LanguagePrimitives.TryConvertTo<T>(value, out var result) ? result : null;
    }
}

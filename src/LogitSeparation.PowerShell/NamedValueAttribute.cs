using System.Management.Automation;
using LogitSeparation.Core;

namespace LogitSeparation.PowerShell;

/// <summary>Says which value of an enumeration was probably meant by a name that is none; its completion and unique beginnings stay PowerShell's.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NamedValueAttribute<T> : ArgumentTransformationAttribute
    where T : struct, Enum
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var plain = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        foreach (var name in plain is string text ? [text] : LanguagePrimitives.GetEnumerable(plain)?.OfType<string>() ?? [])
            Check(name.Trim());
        return inputData;
    }

    private static void Check(string name)
    {
        var known = Enum.GetNames<T>();
        if (name.Length == 0 || name.Contains(',', StringComparison.Ordinal) || Enum.TryParse<T>(name, ignoreCase: true, out _)
            || known.Any(value => value.StartsWith(name, StringComparison.OrdinalIgnoreCase)))
            return;
        throw new ArgumentTransformationMetadataException($"There is no '{name}' here.{NearestName.Suggest(name, known)} There are: {string.Join(", ", known)}.");
    }
}

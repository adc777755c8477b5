using System.Text.Json;
using System.Text.Json.Serialization;

namespace LogitSeparation.Core.Data;

/// <summary>
/// Scalings as they stand in saved models: <c>{"mean": 33.3, "deviation": 78.6}</c>, or lists of numbers where there are several runs.
/// </summary>
internal sealed class PixelScalingJson : JsonConverter<PixelScaling>
{
    private const string MeanName = "mean";
    private const string DeviationName = "deviation";

    /// <inheritdoc/>
    public override PixelScaling Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var (mean, deviation) = (ReadNumbers(document.RootElement, MeanName), ReadNumbers(document.RootElement, DeviationName));
        return mean.Length == deviation.Length && mean.Length > 0
            ? new(mean, deviation)
            : throw new JsonException($"A scaling has {mean.Length} means and {deviation.Length} deviations.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, PixelScaling value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        WriteNumbers(writer, MeanName, value.Mean);
        WriteNumbers(writer, DeviationName, value.Deviation);
        writer.WriteEndObject();
    }

    private static double[] ReadNumbers(JsonElement scaling, string name)
    {
        if (scaling.ValueKind != JsonValueKind.Object || !scaling.TryGetProperty(name, out var numbers))
            throw new JsonException($"A scaling has no {name}.");
        return numbers.ValueKind == JsonValueKind.Array
            ? [.. numbers.EnumerateArray().Select(number => ReadNumber(number, name))]
            : [ReadNumber(numbers, name)];
    }

    private static double ReadNumber(JsonElement number, string name) =>
        number.ValueKind == JsonValueKind.Number && number.TryGetDouble(out var value)
            ? value
            : throw new JsonException($"The {name} of a scaling is {number.GetRawText()}, not a number.");

    private static void WriteNumbers(Utf8JsonWriter writer, string name, IReadOnlyList<double> numbers)
    {
        if (numbers.Count == 1)
        {
            writer.WriteNumber(name, numbers[0]);
            return;
        }

        writer.WriteStartArray(name);
        foreach (var number in numbers)
            writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }
}

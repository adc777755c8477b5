using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LogitSeparation.Core.Sweeps;

/// <summary>
/// JSON of which there is one text for each meaning: UTF-8, keys in ordinal order, no spaces, nulls left out, numbers as the shortest
/// text that reads back to the same double.
/// </summary>
internal static class CanonicalJson
{
    /// <summary>The bytes of a value.</summary>
    public static byte[] Write(JsonNode value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(writer, value);
        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, JsonNode? value)
    {
        switch (value)
        {
            case JsonObject members:
                writer.WriteStartObject();
                foreach (var (name, member) in members.Where(item => item.Value is not null).OrderBy(item => item.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(name);
                    Write(writer, member);
                }

                writer.WriteEndObject();
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (var item in items)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            default:
                WriteScalar(writer, value);
                break;
        }
    }

    // A number as it happens to be written, 1.0 or 1e0, must not make another text.
    private static void WriteScalar(Utf8JsonWriter writer, JsonNode? value)
    {
        if (value is null)
            writer.WriteNullValue();
        else if (value.GetValueKind() != JsonValueKind.Number)
            value.WriteTo(writer);
        else if (long.TryParse(value.ToJsonString(), out var whole))
            writer.WriteNumberValue(whole);
        else
            writer.WriteNumberValue(JsonSerializer.Deserialize<double>(value.ToJsonString()));
    }
}

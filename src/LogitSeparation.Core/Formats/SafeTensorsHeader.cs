using System.Text.Json;
using static System.FormattableString;

namespace LogitSeparation.Core.Formats;

/// <summary>One tensor's entry in a safetensors header: where its bytes lie in the data that follow the header.</summary>
internal sealed record SafeTensorEntry(string Name, SafeTensorType Type, int[] Shape, long Begin, long End);

/// <summary>
/// The JSON header of a safetensors file: the tensors in the order of their data, and the metadata strings. Reading checks that
/// the tensors fill the data without gap or overlap, as the format demands.
/// </summary>
/// <param name="Entries">The tensors.</param>
/// <param name="Metadata">The strings under <c>__metadata__</c>.</param>
internal sealed record SafeTensorsHeader(IReadOnlyList<SafeTensorEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    private const string MetadataKey = "__metadata__";
    private const int Alignment = 8;

    /// <summary>Interprets a header.</summary>
    /// <param name="json">Its bytes.</param>
    /// <param name="dataLength">The number of bytes that follow it in the file.</param>
    /// <exception cref="InvalidDataException">The header is not one, or does not fit the data.</exception>
    public static SafeTensorsHeader Parse(ReadOnlyMemory<byte> json, long dataLength)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException("its header is not a JSON object");
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var entries = new Dictionary<string, SafeTensorEntry>(StringComparer.Ordinal);
        var hasMetadata = false;
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (property.NameEquals(MetadataKey))
            {
                if (hasMetadata)
                    throw new InvalidDataException($"its header has '{MetadataKey}' twice");
                hasMetadata = true;
                ParseMetadata(property.Value, metadata);
            }
            else if (!entries.TryAdd(property.Name, ParseEntry(property.Name, property.Value)))
            {
                throw new InvalidDataException($"its header has the tensor '{property.Name}' twice");
            }
        }

        var ordered = entries.Values.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End).ToList();
        CheckLayout(ordered, dataLength);
        return new SafeTensorsHeader(ordered, metadata);
    }

    /// <summary>The header's bytes, padded with spaces so that the data begin at a multiple of 8.</summary>
    public byte[] ToBytes()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (Metadata.Count > 0)
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, value) in Metadata.OrderBy(item => item.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);
                json.WriteEndObject();
            }

            foreach (var entry in Entries)
                WriteEntry(json, entry);
            json.WriteEndObject();
        }

        while (buffer.Length % Alignment != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    /// <summary>What a checksum has to cover besides the data, so that no change of the header goes unseen.</summary>
    /// <param name="exceptKey">The metadata key of the checksum itself.</param>
    public byte[] Describe(string exceptKey)
    {
        var kept = Metadata.Where(item => item.Key != exceptKey).ToDictionary(item => item.Key, item => item.Value, StringComparer.Ordinal);
        return (this with { Metadata = kept }).ToBytes();
    }

    private static void WriteEntry(Utf8JsonWriter json, SafeTensorEntry entry)
    {
        json.WriteStartObject(entry.Name);
        json.WriteString("dtype", entry.Type.Name);
        json.WriteStartArray("shape");
        foreach (var length in entry.Shape)
            json.WriteNumberValue(length);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(entry.Begin);
        json.WriteNumberValue(entry.End);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void ParseMetadata(JsonElement element, SortedDictionary<string, string> metadata)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"its '{MetadataKey}' is not an object of strings");
        foreach (var property in element.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String || !metadata.TryAdd(property.Name, property.Value.GetString()!))
                throw new InvalidDataException($"its metadata '{property.Name}' is not one string");
        }
    }

    private static SafeTensorEntry ParseEntry(string name, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || element.EnumerateObject().Count() != 3
            || !element.TryGetProperty("dtype", out var dtype) || dtype.ValueKind != JsonValueKind.String
            || !element.TryGetProperty("shape", out var shape) || shape.ValueKind != JsonValueKind.Array
            || !element.TryGetProperty("data_offsets", out var offsets) || offsets.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidDataException($"the header of tensor '{name}' lacks dtype, shape or data_offsets");
        }

        var type = SafeTensorType.Find(dtype.GetString()!) ?? throw new InvalidDataException(
            $"tensor '{name}' has the type '{dtype.GetString()}', and {SafeTensorType.Known} are read");
        var lengths = shape.EnumerateArray().Select(item => (int)WholeNumber(item, name, int.MaxValue)).ToArray();
        var ends = offsets.EnumerateArray().Select(item => WholeNumber(item, name, long.MaxValue)).ToArray();
        if (ends.Length != 2 || ends[1] < ends[0] || CountBytes(lengths, type) != (UInt128)(ends[1] - ends[0]))
        {
            throw new InvalidDataException(
                $"tensor '{name}', {type.Name} of shape {DenseArray.Format(lengths)}, does not fit its offsets {offsets.GetRawText()}");
        }

        return new SafeTensorEntry(name, type, lengths, ends[0], ends[1]);
    }

    /// <summary>The bytes that a shape needs; more than any file has where the product is beyond counting.</summary>
    private static UInt128 CountBytes(int[] lengths, SafeTensorType type)
    {
        if (lengths.Contains(0))
            return 0;
        var count = (UInt128)type.Size;
        foreach (var length in lengths)
        {
            count *= (UInt128)length;
            if (count > long.MaxValue)
                return UInt128.MaxValue;
        }

        return count;
    }

    private static long WholeNumber(JsonElement element, string name, long largest) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number) && number >= 0 && number <= largest
            ? number
            : throw new InvalidDataException($"the header of tensor '{name}' has {element.GetRawText()} where a whole number belongs");

    private static void CheckLayout(List<SafeTensorEntry> entries, long dataLength)
    {
        long position = 0;
        foreach (var entry in entries)
        {
            if (entry.Begin != position)
            {
                throw new InvalidDataException(
                    Invariant($"tensor '{entry.Name}' begins at byte {entry.Begin} where {position} is next: tensors overlap or leave a gap"));
            }

            position = entry.End;
        }

        if (position != dataLength)
            throw new InvalidDataException(Invariant($"its tensors need {position} bytes, and it has {dataLength}"));
    }
}

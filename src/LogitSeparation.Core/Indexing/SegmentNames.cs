using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using LogitSeparation.Core.Inference;

namespace LogitSeparation.Core.Indexing;

/// <summary>Which examples a segment holds, as compressed JSON.</summary>
/// <param name="Source">What they were read from; null for pictures, which have paths.</param>
/// <param name="Index">The index of each.</param>
/// <param name="Path">The file of each; null where they have none.</param>
/// <param name="Label">The name of the true class of each; null where none is known.</param>
internal sealed record SegmentNames(string? Source, int[] Index, string?[]? Path, string?[]? Label)
{
    /// <summary>No names that are written are longer, so that damaged ones take no memory.</summary>
    private const long MostBytes = 1L << 28;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The names of some examples.</summary>
    public static SegmentNames Of(string? source, IReadOnlyList<ExampleName> names) => new(
        source, [.. names.Select(name => name.Index)], names.Any(name => name.Path is not null) ? [.. names.Select(name => name.Path)] : null,
        names.Any(name => name.Label is not null) ? [.. names.Select(name => name.Label)] : null);

    /// <summary>One of them.</summary>
    public ExampleName this[int row] => new(Index[row], Path?[row], Label?[row]);

    /// <summary>As it is written.</summary>
    public byte[] ToBytes()
    {
        using var target = new MemoryStream();
        using (var compressed = new BrotliStream(target, CompressionLevel.Fastest))
            JsonSerializer.Serialize(compressed, this, Json);
        return target.ToArray();
    }

    /// <summary>Reads it.</summary>
    /// <param name="bytes">What was written.</param>
    /// <param name="rowCount">How many examples there have to be.</param>
    /// <returns>Null where it is something else.</returns>
    public static SegmentNames? Parse(byte[] bytes, int rowCount)
    {
        try
        {
            using var compressed = new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress);
            using var text = new MemoryStream();
            var block = new byte[1 << 16];
            for (int read; (read = compressed.Read(block)) > 0;)
            {
                if (text.Length + read > MostBytes)
                    return null;
                text.Write(block, 0, read);
            }

            var names = JsonSerializer.Deserialize<SegmentNames>(text.GetBuffer().AsSpan(0, (int)text.Length), Json);
            return names?.Index?.Length == rowCount && (names.Path ?? names.Label ?? []).Length is var length && (length == 0 || length == rowCount)
                && (names.Label is null || names.Label.Length == rowCount) ? names : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidDataException or InvalidOperationException or IOException)
        {
            return null;
        }
    }
}

using System.Text.Json;
using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// Logits as the tensors <c>logits</c> and <c>labels</c> of a safetensors file; the names of the classes, which no tensor can hold,
/// are a JSON array of strings in its metadata, under <c>classes</c>.
/// </summary>
internal static class SafeTensorsLogits
{
    private const string LogitsName = "logits";
    private const string LabelsName = "labels";
    private const string ClassesName = "classes";

    /// <summary>Reads a file.</summary>
    public static Logits Import(LogitsOrigin origin, long largestInMemory, CancellationToken cancellationToken)
    {
        var path = origin.Path;
        var (file, left) = SafeTensorsFile.ReadBut(path, LogitsName, largestInMemory, cancellationToken);
        origin = LogitsProvenance.Add(origin, file.Metadata);
        var table = left is null ? Find(path, file, LogitsName) : null;
        var shape = table?.Shape ?? left!.Shape;
        LogitsContent.CheckShape(path, shape);
        var labels = LogitsContent.ReadLabels(path, Find(path, file, LabelsName), shape[0], shape[1]);
        var classes = LogitsContent.ReadClasses(path, Classes(path, file), shape[1]);
        return table is not null
            ? origin.ToMemory(table.Values, labels, classes)
            : origin.ToFile(new FileElements(path, left!.Offset, left.ElementSize == sizeof(double), left.FileLength), labels, classes);
    }

    /// <summary>Writes a file.</summary>
    public static void Export(Logits logits, string path, CancellationToken cancellationToken)
    {
        var values = new SafeTensorPart(LogitsName, SafeTensorType.Find(logits.IsDouble ? "F64" : "F32")!, [logits.Count, logits.ClassCount],
            stream => LogitsFile.WriteElements(logits, stream, cancellationToken));
        var labels = new SafeTensorPart(LabelsName, SafeTensorType.Find("I64")!, [logits.Count],
            stream => SafeTensorType.Write(stream, LogitsContent.WriteLabels(logits)));
        var metadata = new Dictionary<string, string>(LogitsProvenance.Of(logits)) { [ClassesName] = JsonSerializer.Serialize(logits.ClassNames) };
        SafeTensorsWriter.Write(path, [labels, values], metadata, cancellationToken);
    }

    private static DenseArray Find(string path, SafeTensorsFile file, string name) => file.Tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw LogitsContent.Invalid("SafeTensorMissing", path,
            $"it has no tensor '{name}': it holds {string.Join(", ", file.Tensors.Keys.Take(20).Select(key => $"'{key}'").DefaultIfEmpty("nothing"))}."
            + NearestName.Suggest(name, file.Tensors.Keys));

    private static DenseArray? Classes(string path, SafeTensorsFile file)
    {
        if (file.Tensors.TryGetValue(ClassesName, out var numbers))
            return numbers;
        if (!file.Metadata.TryGetValue(ClassesName, out var json))
            return null;
        try
        {
            if (JsonSerializer.Deserialize<string[]>(json) is { } names && !names.Contains(null))
                return DenseArray.Create(names, names.Length);
        }
        catch (JsonException)
        {
            // What is wrong is said below, as for JSON of another form.
        }

        throw LogitsContent.Invalid("LogitsTypeInvalid", path, $"its metadata '{ClassesName}' is no JSON array of strings. Leave it out, or mend it.");
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Networks;

namespace LogitSeparation.Core.Models;

/// <summary>
/// Models as <c>.safetensors</c> files: the weights under their names, and everything else as JSON in the metadata key
/// <c>slc</c>, so that any reader of the format finds both.
/// </summary>
public static class ModelFile
{
    private const string MetadataKey = "slc";

    /// <summary>How the values of models and trainings are written.</summary>
    internal static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    };

    /// <summary>Writes a model, whole or not at all.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops the writing, at the next block; nothing is left behind.</param>
    /// <exception cref="SlcException"><c>NotWritable</c>, <c>DiskFull</c>, <c>PathEmpty</c>, <c>PathInvalid</c>.</exception>
    public static void Export(Model model, string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        var tensors = model.Weights.ToDictionary(
            weight => weight.Key, weight => DenseArray.Create(weight.Value.Values.ToArray(), [.. weight.Value.Shape]));
        var metadata = JsonSerializer.Serialize(ModelMetadata.Describe(model), Json);
        new SafeTensorsFile(tensors, new Dictionary<string, string> { [MetadataKey] = metadata }).Write(path, cancellationToken);
    }

    /// <summary>Reads a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops the reading, at the next block.</param>
    /// <exception cref="SlcException">
    /// <c>FileNotFound</c>, <c>FileUnreadable</c>, <c>SafeTensorsFileDamaged</c>, <c>ModelFileInvalid</c>.
    /// </exception>
    public static Model Import(string path, CancellationToken cancellationToken = default)
    {
        var file = SafeTensorsFile.Read(path, cancellationToken);
        if (!file.Metadata.TryGetValue(MetadataKey, out var text))
            throw Invalid(path, $"it has no metadata '{MetadataKey}', so it is not a model of this module");
        try
        {
            var metadata = JsonSerializer.Deserialize<ModelMetadata>(text, Json) ?? throw new JsonException("It is empty.");
            var weights = file.Tensors.ToDictionary(tensor => tensor.Key, tensor => ToWeight(path, tensor.Key, tensor.Value));
            var model = metadata.CreateModel(new SortedDictionary<string, Weight>(weights, StringComparer.Ordinal));
            model.CheckWeights();
            return model;
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException or OverflowException)
        {
            throw Invalid(path, $"its metadata '{MetadataKey}' cannot be used ({exception.Message.TrimEnd('.')})", exception);
        }
        catch (SlcException exception) when (exception.ErrorId is not ("ModelFileInvalid" or "AssemblyNotLoaded"))
        {
            throw Invalid(path, exception.Message.TrimEnd('.'), exception);
        }
    }

    private static Weight ToWeight(string path, string name, DenseArray array) => array.Values is float[] values
        ? new(array.Shape, values)
        : throw Invalid(path, $"its tensor '{name}' holds {array.ElementType.Name} values, not float32");

    private static SlcException Invalid(string path, string what, Exception? cause = null) => new(
        "ModelFileInvalid", SlcErrorKind.InvalidData, $"'{path}' cannot be read as a model: {what}. Export the model again.", path, cause);
}

using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LogitSeparation.Core.Onnx;

/// <summary>A graph that ONNX Runtime computes on the CPU.</summary>
internal sealed class OnnxSession : IDisposable
{
    private const string CompanionFolder = "session.model_external_initializers_file_folder_path";

    private readonly InferenceSession _session;
    private readonly string _path;

    private OnnxSession(InferenceSession session, string path) => (_session, _path) = (session, path);

    /// <summary>The names of the outputs.</summary>
    public IReadOnlyList<string> Outputs => _session.OutputNames;

    /// <summary>The names of the inputs, and the sizes of each: -1 where one is not fixed; null for what is no table of float32 numbers.</summary>
    public IReadOnlyDictionary<string, int[]?> Inputs => _session.InputMetadata.ToDictionary(
        item => item.Key, item => item.Value is { IsTensor: true, ElementDataType: TensorElementType.Float } table ? table.Dimensions : null);

    /// <summary>What else the file says.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    /// <summary>Reads a graph.</summary>
    /// <param name="content">The file's content, or what could be.</param>
    /// <param name="path">The file, for messages and for the files beside it that it may name.</param>
    /// <exception cref="SlcException"><c>OnnxRuntimeNotLoaded</c>, <c>OnnxFailed</c>.</exception>
    public static OnnxSession Open(byte[] content, string path) => new(
        Guard(path, () =>
        {
            using var options = new SessionOptions();
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
                options.AddSessionConfigEntry(CompanionFolder, folder);
            return new InferenceSession(content, options);
        }), path);

    /// <summary>Reads a graph from a file, with the files beside it that it may name.</summary>
    /// <exception cref="SlcException"><c>OnnxRuntimeNotLoaded</c>, <c>OnnxFailed</c>.</exception>
    public static OnnxSession OpenFile(string path) => new(Guard(path, () => new InferenceSession(path)), path);

    /// <summary>Computes one output.</summary>
    /// <param name="output">Its name.</param>
    /// <param name="examples">What the first input takes, row after row.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="classes">What the second input takes; null where there is none.</param>
    /// <exception cref="SlcException"><c>OnnxFailed</c>; <c>OnnxOutputUnknown</c>: it is no table of float32 numbers.</exception>
    public (float[] Values, long[] Shape) Run(string output, float[] examples, long[] shape, long[]? classes = null) => Guard(_path, () =>
    {
        using var input = OrtValue.CreateTensorValueFromMemory(examples, shape);
        using var rows = classes is null ? null : OrtValue.CreateTensorValueFromMemory(classes, [classes.Length]);
        using var options = new RunOptions();
        string[] names = [.. _session.InputNames.Take(classes is null ? 1 : 2)];
        OrtValue[] values = rows is null ? [input] : [input, rows];
        using var results = _session.Run(options, names, values, [output]);
        return results[0].IsTensor && results[0].GetTensorTypeAndShape() is { ElementDataType: TensorElementType.Float } table
            ? (results[0].GetTensorDataAsSpan<float>().ToArray(), table.Shape)
            : throw new SlcException("OnnxOutputUnknown", SlcErrorKind.InvalidData,
                $"The output '{output}' of '{_path}' is no table of float32 numbers. Name another with -OutputName, or cast it in the file.", output);
    });

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (OnnxRuntimeException exception)
        {
            throw new SlcException("OnnxFailed", SlcErrorKind.InvalidData,
                $"ONNX Runtime cannot compute '{path}': {exception.Message.Split('\n')[0].Trim()} Write the file again.", path, exception);
        }
        catch (Exception exception) when (exception is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new SlcException("OnnxRuntimeNotLoaded", SlcErrorKind.Unavailable,
                $"The native library of ONNX Runtime could not be loaded: {(exception.InnerException ?? exception).Message.Split('\n')[0].Trim()} "
                + "Build the module again, for this platform.", path, exception);
        }
    }
}

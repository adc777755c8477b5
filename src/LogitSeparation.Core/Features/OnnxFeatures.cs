using System.Security.Cryptography;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Onnx;
using TorchSharp;

namespace LogitSeparation.Core.Features;

/// <summary>The features that an ONNX file computes, whoever made it. An output of several dimensions an example is taken as one row.</summary>
internal sealed class OnnxFeatures : FeatureSource
{
    private const int MostRows = 64;

    // 1 GiB of inputs, for a file that fixes how many examples go in at once.
    private const long MostNumbers = 1L << 28;

    private readonly OnnxSession _session;
    private readonly string _output;
    private readonly int[] _shape;

    /// <summary>Reads the file.</summary>
    /// <param name="path">The file's full path.</param>
    /// <param name="request">What to take of it, and how examples become its inputs.</param>
    /// <param name="dataset">What is to go in.</param>
    /// <exception cref="SlcException">
    /// <c>OnnxOutputUnknown</c>, naming those there; <c>OnnxInputMismatch</c>; <c>OnnxRuntimeNotLoaded</c>, <c>OnnxFailed</c>; those of reading a file.
    /// </exception>
    public OnnxFeatures(string path, FeatureRequest request, Dataset dataset)
    {
        Scaling = request.PixelMean is null ? dataset.Scaling : new(request.PixelMean, request.PixelDeviation!);
        if (!Scaling.Fits(dataset.ExampleShape.Aggregate(1, (product, size) => product * size)))
        {
            throw new SlcException("FeatureSourceInvalid", SlcErrorKind.InvalidArgument,
                $"There are {Scaling.Mean.Count} numbers in -PixelMean, which the examples of {dataset.Name} ({string.Join(" x ", dataset.ExampleShape)}) cannot be divided by.", request);
        }

        var outline = OnnxOutline.Read(path);
        (_session, _output) = Open(path, request.OutputName, outline);
        try
        {
            _shape = FindShape(path, dataset);
            Checksum = Hash(path, outline);
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override PixelScaling Scaling { get; }

    /// <inheritdoc/>
    public override string Checksum { get; }

    /// <inheritdoc/>
    public override torch.Device Device => torch.CPU;

    private int FixedRows => _shape[0];

    /// <inheritdoc/>
    public override int RowsOf(int most) => FixedRows > 0 ? FixedRows : Math.Min(MostRows, most);

    /// <inheritdoc/>
    public override float[] Compute(torch.Tensor inputs)
    {
        // A graph for batches of one size gets rows of zeros where fewer are left, whose features are not taken.
        var count = (int)inputs.shape[0];
        var rows = FixedRows > 0 ? FixedRows : count;
        var values = new float[rows * inputs.shape[1]];
        inputs.data<float>().ToArray().CopyTo(values, 0);
        var (features, shape) = _session.Run(_output, values, [rows, .. _shape.Skip(1)]);
        return shape.Length > 0 && shape[0] == rows && features.Length > 0
            ? features[..(features.Length / rows * count)]
            : throw new SlcException("OnnxOutputUnknown", SlcErrorKind.InvalidData,
                $"The output '{_output}' has the shape {string.Join(" x ", shape)} for {rows} examples, where one row an example was expected. {Describe(_session)}", _output);
    }

    /// <inheritdoc/>
    public override void Dispose() => _session.Dispose();

    private static (OnnxSession Session, string Output) Open(string path, string? name, OnnxOutline outline)
    {
        var session = OnnxSession.OpenFile(path);
        if (name is null && session.Outputs.Count == 1)
            return (session, session.Outputs[0]);
        if (name is not null && session.Outputs.Contains(name))
            return (session, name);
        using (session)
        {
            if (name is not null && outline.Computed.Contains(name))
                return (OpenAt(path, name), name);
            throw new SlcException("OnnxOutputUnknown", SlcErrorKind.NotFound,
                (name is null ? $"'{path}' has several outputs." : $"'{path}' has no output '{name}', and computes nothing of that name.{NearestName.Suggest(name, session.Outputs.Concat(outline.Computed))}")
                + $" {Describe(session)} Name one with -OutputName.", (object?)name ?? path);
        }
    }

    // Messages of this format are merged where one follows on the other, so what is computed on the way becomes an output.
    private static OnnxSession OpenAt(string path, string name)
    {
        var addition = new ProtoMessage().Add(7, new ProtoMessage().Add(12, new ProtoMessage().Add(1, name)));
        using var content = new MemoryStream();
        FileFailure.Guard(path, () =>
        {
            content.Write(File.ReadAllBytes(path));
            return true;
        });
        addition.WriteTo(content);
        return OnnxSession.Open(content.ToArray(), path);
    }

    private static string Hash(string path, OnnxOutline outline)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var folder = Path.GetDirectoryName(path)!;
        foreach (var part in outline.Companions.Select(name => Path.Combine(folder, name)).Prepend(path))
        {
            using var file = InputFile.Open(part);
            hash.AppendData(FileFailure.Guard(part, () => SHA256.HashData(file)));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static string Describe(OnnxSession session) => $"Its outputs are: {string.Join(", ", session.Outputs)}.";

    private int[] FindShape(string path, Dataset dataset)
    {
        var inputs = _session.Inputs;
        var (name, input) = inputs.Count == 1 ? inputs.Single() : throw Mismatch(path, $"it has {inputs.Count} inputs ({string.Join(", ", inputs.Keys)}), where one was expected");
        var shape = input ?? throw Mismatch(path, $"its input {name} is no table of float32 numbers");
        int[] expected = [shape.Length > 0 ? shape[0] : -1, .. dataset.ExampleShape];
        if (shape.Length != expected.Length || !shape.Zip(expected).All(pair => pair.First < 1 || pair.First == pair.Second))
        {
            throw Mismatch(path,
                $"its input {name} is {string.Join(" x ", shape.Select(size => size < 1 ? "any" : $"{size}"))}, but examples of {dataset.Name} are {string.Join(" x ", dataset.ExampleShape)}");
        }

        return expected.Aggregate(1L, (product, size) => Math.Min(product, MostNumbers + 1) * size) <= MostNumbers
            ? expected
            : throw Mismatch(path, $"its input {name} takes {expected[0]} examples at once, which are more than {MostNumbers} numbers");
    }

    private static SlcException Mismatch(string path, string what) => new(
        "OnnxInputMismatch", SlcErrorKind.InvalidData,
        $"'{path}' cannot take these examples: {what}. Give the data set the size that it needs (-Size of Get-SlcDataset), or write the file for one input of examples.", path);
}

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Features;

/// <summary>
/// The features of a data set in a folder, computed once and kept: <c>train_features.npy</c> (n x d, float32) and <c>train_labels.npy</c>, the
/// same for testing, and <c>origin.json</c>, which says what they were made from.
/// </summary>
public static class FeatureFolder
{
    private const string OriginFile = "origin.json";
    private const int MostRows = 1024;

    /// <summary>Computes the features of a data set, or finds them where they were computed before.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="path">The folder; it is made where it is missing.</param>
    /// <param name="request">What computes the features.</param>
    /// <param name="progress">Called with the share that is done; may be null.</param>
    /// <param name="cancellation">Looked at before each block.</param>
    /// <returns>The data set of the features, with as many examples for training, validation and testing: the same ones where the classes keep their order.</returns>
    /// <exception cref="SlcException">
    /// <c>FeatureSourceInvalid</c>, <c>ExampleShapeMismatch</c>, <c>OnnxOutputUnknown</c>, <c>OnnxInputMismatch</c>, <c>OnnxFailed</c>,
    /// <c>FeaturesTooLarge</c>, <c>FeatureNotFinite</c>; those of reading and writing files.
    /// </exception>
    public static Dataset Export(Dataset dataset, string path, FeatureRequest request, Action<double>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        var folder = LocalPath.Resolve(path);
        var onnx = request.OnnxPath is null ? null : LocalPath.Resolve(request.OnnxPath, nameof(FeatureRequest.OnnxPath));
        if (request.Model is { } model)
            FeatureReader.CheckShape(model, dataset);
        using FeatureSource source = onnx is null ? new TrunkFeatures(request.Model!, Devices.Open(request.Device)) : new OnnxFeatures(onnx, request, dataset);
        var origin = new FeatureOrigin(
            dataset.Identity.Checksum, onnx is null ? HashTrunk(request.Model!) : HashFile(onnx), request.OutputName, [.. source.Scaling.Mean], [.. source.Scaling.Deviation], "", "");
        if (!IsKept(folder, origin))
        {
            Create(folder);
            var (train, test) = (Together(dataset), dataset.Test);
            var all = (double)(train.Count + test.Count);
            var trainHash = Write(folder, "train", dataset, train, source, done => progress?.Invoke(done / all), cancellation);
            var testHash = Write(folder, "test", dataset, test, source, done => progress?.Invoke((train.Count + done) / all), cancellation);
            AtomicFile.Write(Path.Combine(folder, OriginFile), stream => JsonSerializer.Serialize(stream, origin with { Train = trainHash, Test = testHash }), cancellation);
        }

        return DatasetCatalog.Open(
            new()
            {
                Name = $"{dataset.Name} features",
                Path = FeaturesAt(folder, "train"),
                TestPath = FeaturesAt(folder, "test"),
                ValidationCount = dataset.Validation.Count,
                Seed = dataset.Identity.Seed,
            },
            null, cancellation);
    }

    private static void Create(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            throw FileFailure.Writing(folder, failure, "Choose another folder.");
        }
    }

    // In the order of the files, so that the same seed holds the same examples out for validation.
    private static DataSplit Together(Dataset dataset)
    {
        var rows = new[] { dataset.Train, dataset.Validation }.SelectMany(split => Enumerable.Range(0, split.Count).Select(split.RowOf)).Order().ToArray();
        return new(Split.Train, dataset.Train.Store, rows, dataset.ClassCount);
    }

    private static string FeaturesAt(string folder, string name) => Path.Combine(folder, $"{name}_features.npy");

    private static string Write(
        string folder, string name, Dataset dataset, DataSplit split, FeatureSource source, Action<int> report, CancellationToken cancellation)
    {
        var (values, d) = Compute(split, source, report, cancellation);
        if (Array.FindIndex(values, value => !float.IsFinite(value)) is >= 0 and var wrong)
        {
            throw new SlcException("FeatureNotFinite", SlcErrorKind.InvalidData, FormattableString.Invariant(
                $"A feature of the {split.Name} example {wrong / d} is {values[wrong]}, which no head can be trained on. Check how examples become inputs (-PixelMean, -PixelDeviation)."), name);
        }

        // Numbers are numbers again, and stay in their order.
        var labels = split.Labels.ToArray();
        var isNumbered = dataset.ClassNames.Select((text, j) => text == FormattableString.Invariant($"{j}")).All(same => same);
        var table = isNumbered
            ? DenseArray.Create(Array.ConvertAll(labels, label => (long)label), labels.Length)
            : DenseArray.Create(Array.ConvertAll(labels, label => dataset.ClassNames[label]), labels.Length);
        AtomicFile.Write(Path.Combine(folder, $"{name}_labels.npy"), stream => NpyArray.Write(stream, table), cancellation);
        var file = FeaturesAt(folder, name);
        AtomicFile.Write(file, stream => NpyArray.Write(stream, DenseArray.Create(values, labels.Length, d)), cancellation);
        return HashFile(file);
    }

    private static (float[] Values, int Width) Compute(DataSplit split, FeatureSource source, Action<int> report, CancellationToken cancellation)
    {
        using var reader = new BlockReader(split, source.Scaling, source.Device);
        var size = source.RowsOf(reader.RowsOf(MostRows));
        var (values, d) = (Array.Empty<float>(), 0);
        for (var first = 0; first < split.Count; first += size)
        {
            cancellation.ThrowIfCancellationRequested();
            report(first);
            using var scope = torch.NewDisposeScope();
            using var noGrad = torch.no_grad();
            var count = Math.Min(size, split.Count - first);
            var block = TorchFailure.Guard(source.Device.ToString(), () => source.Compute(reader.Read(first, count)));
            if (first == 0)
            {
                d = block.Length / count;
                values = (long)split.Count * d <= Array.MaxLength ? new float[split.Count * d] : throw new SlcException("FeaturesTooLarge", SlcErrorKind.InvalidData,
                    $"{split.Count} x {d} features do not fit in one array. Use fewer examples, or an output with fewer features.", split.Name);
            }

            block.CopyTo(values, first * d);
        }

        return (values, Math.Max(d, 1));
    }

    private static bool IsKept(string folder, FeatureOrigin origin)
    {
        try
        {
            var kept = JsonSerializer.Deserialize<FeatureOrigin>(File.ReadAllBytes(Path.Combine(folder, OriginFile)));
            return kept is { Mean: not null, Deviation: not null } && kept.IsOf(origin)
                && HashFile(FeaturesAt(folder, "train")) == kept.Train && HashFile(FeaturesAt(folder, "test")) == kept.Test;
        }
        catch (Exception exception) when (exception is JsonException or SlcException || FileFailure.IsFileFailure(exception))
        {
            // What cannot be read is made again.
            return false;
        }
    }

    private static string HashFile(string path)
    {
        using var file = InputFile.Open(path);
        return FileFailure.Guard(path, () => Convert.ToHexString(SHA256.HashData(file)));
    }

    private static string HashTrunk(Model model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(model.Network with { ClassCount = 1 }));
        foreach (var weight in model.Weights.Where(item => item.Key.StartsWith("trunk.", StringComparison.Ordinal)))
            hash.AppendData(MemoryMarshal.AsBytes(weight.Value.Values.Span));
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}

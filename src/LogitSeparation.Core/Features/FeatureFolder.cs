using System.Security.Cryptography;
using System.Text.Json;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Runtime;

namespace LogitSeparation.Core.Features;

/// <summary>
/// The features of a data set in a folder, computed once and kept: <c>train_features.npy</c> (n x d, float32) and <c>train_labels.npy</c>, the
/// same for testing, and <c>origin.json</c>, which says what they were made from. It is removed before another file is touched and written
/// when all are complete, so that what it says is true whenever the work is cut off.
/// </summary>
public static class FeatureFolder
{
    private const string OriginFile = "origin.json";
    private const string Training = "train";
    private const string Testing = "test";

    /// <summary>Computes the features of a data set, or finds them where they were computed before.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="path">The folder; it is made where it is missing.</param>
    /// <param name="request">What computes the features.</param>
    /// <param name="prepare">Called with each file that is going to be written, before anything is changed; may refuse. May be null.</param>
    /// <param name="progress">Called with the share that is done; may be null.</param>
    /// <param name="cancellation">Looked at before each block.</param>
    /// <returns>The data set of the features, with as many examples for training, validation and testing: the same ones where the classes keep their order.</returns>
    /// <exception cref="SlcException">
    /// <c>FeatureSourceInvalid</c>, <c>ExampleShapeMismatch</c>, <c>OnnxOutputUnknown</c>, <c>OnnxInputMismatch</c>, <c>OnnxFailed</c>,
    /// <c>FeaturesTooLarge</c>, <c>FeatureNotFinite</c>; those of reading and writing files.
    /// </exception>
    public static Dataset Export(
        Dataset dataset, string path, FeatureRequest request, Action<string>? prepare, Action<double>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        var folder = LocalPath.Resolve(path);
        var onnx = request.OnnxPath is null ? null : LocalPath.Resolve(request.OnnxPath, nameof(FeatureRequest.OnnxPath));
        if (request.Model is { } model)
            FeatureReader.CheckShape(model, dataset);
        using FeatureSource source = onnx is null ? new TrunkFeatures(request.Model!, Devices.Open(request.Device)) : new OnnxFeatures(onnx, request, dataset);
        var train = Together(dataset);
        var origin = FeatureOrigin.Of(dataset, train, source, request.OutputName);
        if (!IsKept(folder, origin))
        {
            Clear(folder, prepare);
            var all = (double)(train.Count + dataset.Test.Count);
            Write(folder, Training, dataset, train, source, done => progress?.Invoke(done / all), cancellation);
            Write(folder, Testing, dataset, dataset.Test, source, done => progress?.Invoke((train.Count + done) / all), cancellation);
            var complete = origin with { Files = Files.ToDictionary(name => name, name => HashFile(Path.Combine(folder, name))) };
            AtomicFile.Write(Path.Combine(folder, OriginFile), stream => JsonSerializer.Serialize(stream, complete), cancellation);
        }

        return DatasetCatalog.Open(
            new()
            {
                Name = $"{dataset.Name} features",
                Path = Path.Combine(folder, FeaturesOf(Training)),
                TestPath = Path.Combine(folder, FeaturesOf(Testing)),
                ValidationCount = dataset.Validation.Count,
                Seed = dataset.Identity.Seed,
            },
            null, cancellation);
    }

    private static IEnumerable<string> Files => new[] { Training, Testing }.SelectMany(part => new[] { FeaturesOf(part), LabelsOf(part) });

    private static string FeaturesOf(string part) => $"{part}_features.npy";

    private static string LabelsOf(string part) => $"{part}_labels.npy";

    private static void Clear(string folder, Action<string>? prepare)
    {
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var name in Files.Append(OriginFile))
                prepare?.Invoke(Path.Combine(folder, name));
            File.Delete(Path.Combine(folder, OriginFile));
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

    private static void Write(
        string folder, string part, Dataset dataset, DataSplit split, FeatureSource source, Action<int> report, CancellationToken cancellation)
    {
        FeatureFile.Write(Path.Combine(folder, FeaturesOf(part)), split, source, report, cancellation);

        // Numbers are numbers again, and stay in their order.
        var labels = split.Labels.ToArray();
        var isNumbered = dataset.ClassNames.Select((text, j) => text == FormattableString.Invariant($"{j}")).All(same => same);
        var table = isNumbered
            ? DenseArray.Create(Array.ConvertAll(labels, label => (long)label), labels.Length)
            : DenseArray.Create(Array.ConvertAll(labels, label => dataset.ClassNames[label]), labels.Length);
        AtomicFile.Write(Path.Combine(folder, LabelsOf(part)), stream => NpyArray.Write(stream, table), cancellation);
    }

    private static bool IsKept(string folder, FeatureOrigin origin)
    {
        try
        {
            var kept = JsonSerializer.Deserialize<FeatureOrigin>(File.ReadAllBytes(Path.Combine(folder, OriginFile)));
            return kept is { Files: { } files } && kept.IsOf(origin)
                && Files.All(name => files.TryGetValue(name, out var hash) && hash == HashFile(Path.Combine(folder, name)));
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
}

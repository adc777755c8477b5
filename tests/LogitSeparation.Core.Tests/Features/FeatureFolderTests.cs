using LogitSeparation.Core.Data;
using LogitSeparation.Core.Features;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Onnx;
using LogitSeparation.Core.Training;
using Xunit;

namespace LogitSeparation.Core.Tests.Features;

public sealed class FeatureFolderTests : IDisposable
{
    private static readonly Dataset Data = DatasetCatalog.Open(new() { Name = "Digits" }, null, CancellationToken.None);

    private static readonly Model Model = Trainer.Train(
        Data, ["CE"], new(), new() { StepCount = 60, BatchSize = 32, HiddenUnit = [20, 9], Device = TestDevice.Name }, null, CancellationToken.None).Single().Model!;

    private readonly string _folder = Directory.CreateTempSubdirectory("slc").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string OnnxFile => Path.Combine(_folder, "model.onnx");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Dataset Export(FeatureRequest request, string name = "features") => FeatureFolder.Export(Data, Path.Combine(_folder, name), request, null, Stop);

    private static float[] All(Dataset dataset, Split split) => [.. Enumerable.Range(0, dataset[split].Count).SelectMany(dataset[split].Example)];

    private static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, tolerance * Math.Max(1, Math.Abs(pair.First))));
    }

    [Fact]
    public void A_head_on_them_gives_the_models_own_logits()
    {
        var features = Export(new() { Model = Model, Device = TestDevice.Name });
        Assert.Equal([9], features.ExampleShape);
        Assert.Equal(Data.ClassNames, features.ClassNames);
        foreach (var split in new[] { Split.Train, Split.Validation, Split.Test })
        {
            Assert.Equal(Data[split].Labels.ToArray(), features[split].Labels.ToArray());
            var table = new ModelLogits(Model, Data, split, TestDevice.Name, Stop).ToMemory();
            var (weight, bias) = (Model.Weights["head.weight"].Values.ToArray(), Model.Weights["head.bias"].Values.ToArray());
            var expected = Enumerable.Range(0, features[split].Count).SelectMany(i => Enumerable.Range(0, 10).Select(
                j => bias[j] + features[split].Example(i).Select((h, f) => h * weight[(j * 9) + f]).Sum())).ToArray();
            AssertClose(expected, table.SingleLogits.ToArray(), 1e-4);
        }

        var head = Trainer.Train(features, ["BatchCE"], new(), new() { Network = "Linear", StepCount = 200, Device = TestDevice.Name }, null, Stop).Single().Model!;
        Assert.True(head.ValidationAccuracy > 0.8, $"{head.ValidationAccuracy}");
    }

    [Fact]
    public void An_onnx_file_gives_its_only_output_or_anything_that_it_computes()
    {
        OnnxModel.Export(Model, OnnxFile, allLogits: true, Stop);
        var request = new FeatureRequest { OnnxPath = OnnxFile, PixelMean = [0], PixelDeviation = [1] };
        var logits = Export(request, "logits");
        AssertClose(new ModelLogits(Model, Data, Split.Test, TestDevice.Name, Stop).ToMemory().SingleLogits.ToArray(), All(logits, Split.Test), 1e-4);

        var inner = OnnxModel.Describe(Model, allLogits: true).Nodes[^2].Output;
        AssertClose(
            All(Export(new() { Model = Model, Device = TestDevice.Name }), Split.Test), All(Export(request with { OutputName = inner }, "inner"), Split.Test), 1e-4);
    }

    [Fact]
    public void What_was_computed_is_kept_until_something_is_another()
    {
        var request = new FeatureRequest { Model = Model, Device = TestDevice.Name };
        Export(request);
        var file = Path.Combine(_folder, "features", "train_features.npy");
        var time = new DateTime(2001, 2, 3, 0, 0, 0, DateTimeKind.Utc);
        void Forget() => File.SetLastWriteTimeUtc(file, time);
        Forget();
        Export(request);
        Assert.Equal(time, File.GetLastWriteTimeUtc(file));

        var other = Trainer.Train(Data, ["CE"], new(), new() { StepCount = 2, HiddenUnit = [7], Device = TestDevice.Name }, null, Stop).Single().Model!;
        Assert.Equal([7], Export(request with { Model = other }).ExampleShape);
        Assert.NotEqual(time, File.GetLastWriteTimeUtc(file));

        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 64;
        File.WriteAllBytes(file, bytes);
        Forget();
        Export(request with { Model = other });
        Assert.NotEqual(time, File.GetLastWriteTimeUtc(file));
    }

    [Fact]
    public void A_wrong_output_is_an_error_that_names_those_there()
    {
        OnnxModel.Export(Model, OnnxFile, allLogits: true, Stop);
        var error = Assert.Throws<SlcException>(() => Export(new() { OnnxPath = OnnxFile, OutputName = "logits" }));
        Assert.Equal("OnnxOutputUnknown", error.ErrorId);
        Assert.Contains("'logit'", error.Message, StringComparison.Ordinal);
        Assert.Contains("-OutputName", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        OnnxModel.Export(Model, OnnxFile, allLogits: false, Stop);
        Assert.Equal("OnnxInputMismatch", Assert.Throws<SlcException>(() => Export(new() { OnnxPath = OnnxFile })).ErrorId);
        OnnxModel.Export(Model, OnnxFile, allLogits: true, Stop);
        var small = Training.SmallDataset.Create();
        Assert.Equal("OnnxInputMismatch", Assert.Throws<SlcException>(() => FeatureFolder.Export(small, _folder, new() { OnnxPath = OnnxFile }, null, Stop)).ErrorId);
        Assert.Equal("FileNotFound", Assert.Throws<SlcException>(() => Export(new() { OnnxPath = OnnxFile + "x" })).ErrorId);
        File.WriteAllText(OnnxFile, "no graph");
        Assert.Equal("OnnxFailed", Assert.Throws<SlcException>(() => Export(new() { OnnxPath = OnnxFile })).ErrorId);
        Assert.Equal("FeatureSourceInvalid", Assert.Throws<SlcException>(() => Export(new())).ErrorId);
        Assert.Equal("FeatureSourceInvalid", Assert.Throws<SlcException>(() => Export(new() { OnnxPath = OnnxFile, PixelMean = [0] })).ErrorId);
        Assert.Equal("FeatureSourceInvalid", Assert.Throws<SlcException>(() => Export(new() { Model = Model, OutputName = "logit" })).ErrorId);
    }
}

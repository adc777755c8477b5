using LogitSeparation.Core.Data;
using LogitSeparation.Core.Features;
using LogitSeparation.Core.Formats;
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

    private Dataset Export(FeatureRequest request, string name = "features") => FeatureFolder.Export(Data, Path.Combine(_folder, name), request, null, null, Stop);

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
    public void Another_number_of_test_examples_divides_them_anew()
    {
        var random = new SplitMix64(5);
        var values = Enumerable.Range(0, 600 * 3).Select(_ => (float)random.NextDouble()).ToArray();
        using (var stream = File.Create(Path.Combine(_folder, "x.npy")))
            NpyArray.Write(stream, DenseArray.Create(values, 600, 3));
        using (var stream = File.Create(Path.Combine(_folder, "y.npy")))
            NpyArray.Write(stream, DenseArray.Create(Enumerable.Range(0, 600).Select(i => i % 4L).ToArray(), 600));
        Dataset Open(int testCount) => DatasetCatalog.Open(
            new() { Path = Path.Combine(_folder, "x.npy"), TestCount = testCount, ValidationCount = 30, Seed = 1 }, null, Stop);
        var model = Trainer.Train(Open(60), ["CE"], new(), new() { StepCount = 2, HiddenUnit = [5], Device = TestDevice.Name }, null, Stop).Single().Model!;
        foreach (var count in new[] { 60, 300 })
        {
            var features = FeatureFolder.Export(Open(count), Path.Combine(_folder, "features"), new() { Model = model, Device = TestDevice.Name }, null, null, Stop);
            Assert.Equal((570 - count, 30, count), (features.Train.Count, features.Validation.Count, features.Test.Count));
        }
    }

    [Fact]
    public void What_goes_in_and_what_it_is_called_is_part_of_the_origin()
    {
        using var source = new TrunkFeatures(Model, TestDevice.Open());
        FeatureOrigin Of(Dataset dataset) => FeatureOrigin.Of(dataset, dataset.Train, source, null);
        Dataset With(DatasetIdentity identity, string? name = null, int[]? shape = null) =>
            new(identity, [name ?? "zero", .. Data.ClassNames.Skip(1)], shape ?? Data.ExampleShape, Data.Scaling, Data.Train, Data.Validation, Data.Test);
        var origin = Of(With(Data.Identity));
        Assert.True(origin.IsOf(Of(With(Data.Identity with { Path = "elsewhere", Seed = 9 }))));
        Assert.False(origin.IsOf(Of(With(Data.Identity with { Size = 32 }))));
        Assert.False(origin.IsOf(Of(With(Data.Identity, name: "nought"))));
        Assert.False(origin.IsOf(Of(With(Data.Identity, shape: [64]))));
        Assert.False(origin.IsOf(FeatureOrigin.Of(With(Data.Identity), Data.Validation, source, null)));
    }

    [Theory]
    [InlineData("train_labels.npy")]
    [InlineData("test_labels.npy")]
    [InlineData("test_features.npy")]
    public void A_file_that_was_changed_is_made_again(string name)
    {
        var request = new FeatureRequest { Model = Model, Device = TestDevice.Name };
        Export(request);
        var file = Path.Combine(_folder, "features", name);
        var bytes = File.ReadAllBytes(file);
        foreach (var damaged in new byte[][] { [.. bytes[..^8], (byte)(bytes[^8] ^ 1), .. bytes[^7..]], bytes[..20], [] })
        {
            File.WriteAllBytes(file, damaged);
            Assert.Equal(Data.Train.Labels.ToArray(), Export(request).Train.Labels.ToArray());
            Assert.Equal(bytes, File.ReadAllBytes(file));
        }
    }

    [Fact]
    public void Work_cut_off_leaves_nothing_that_could_be_taken_for_complete()
    {
        var request = new FeatureRequest { Model = Model, Device = TestDevice.Name };
        Export(request);
        var other = SmallDigits();
        using var stop = new CancellationTokenSource();
        var calls = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => FeatureFolder.Export(other, Path.Combine(_folder, "features"), request, null, share =>
        {
            if (share > 0 && calls++ == 0)
                stop.Cancel();
        }, stop.Token));
        Assert.False(File.Exists(Path.Combine(_folder, "features", "origin.json")));
        Assert.Equal(Data.Train.Count, Export(request).Train.Count);
    }

    [Fact]
    public void Files_are_replaced_only_where_that_is_allowed()
    {
        var request = new FeatureRequest { Model = Model, Device = TestDevice.Name };
        var folder = Path.Combine(_folder, "features");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "train_features.npy"), "another's");
        Assert.Throws<InvalidOperationException>(() => FeatureFolder.Export(
            Data, folder, request, path => throw (File.Exists(path) ? new InvalidOperationException() : new InvalidDataException()), null, Stop));
        Assert.Equal("another's", File.ReadAllText(Path.Combine(folder, "train_features.npy")));
        var asked = new List<string>();
        FeatureFolder.Export(Data, folder, request, asked.Add, null, Stop);
        Assert.Equal(Directory.GetFiles(folder).Order(), asked.Order());
        FeatureFolder.Export(Data, folder, request, path => throw new InvalidOperationException(path), null, Stop);
    }

    [Fact]
    public void An_inner_output_is_found_where_arrays_lie_in_a_file_beside_which_is_part_of_the_origin()
    {
        OnnxModel.Export(Model, OnnxFile, allLogits: true, mostBytes: 1000, Stop);
        var inner = OnnxModel.Describe(Model, allLogits: true).Nodes[^2].Output;
        var request = new FeatureRequest { OnnxPath = OnnxFile, PixelMean = [0], PixelDeviation = [1], OutputName = inner };
        var features = All(Export(request), Split.Test);
        AssertClose(All(Export(new() { Model = Model, Device = TestDevice.Name }, "trunk"), Split.Test), features, 1e-4);

        var data = File.ReadAllBytes(OnnxModel.CompanionOf(OnnxFile));
        data[3] ^= 128;
        File.WriteAllBytes(OnnxModel.CompanionOf(OnnxFile), data);
        Assert.NotEqual(features, All(Export(request), Split.Test));
    }

    [Fact]
    public void A_graph_that_wants_a_huge_batch_or_other_numbers_is_refused()
    {
        foreach (var (rows, element) in new (int, OnnxElement)[] { (1_000_000_000, OnnxElement.Float), (1, OnnxElement.Int64) })
        {
            var graph = new OnnxGraph();
            graph.Output(graph.Node("Cast", [graph.Input("x", element, [rows, .. Data.ExampleShape.Select(size => (object)size)])], numbers: [("to", 1)]), [rows, .. Data.ExampleShape.Select(size => (object)size)]);
            using (var stream = File.Create(OnnxFile))
                graph.ToMessage("x", []).WriteTo(stream);
            Assert.Equal("OnnxInputMismatch", Assert.Throws<SlcException>(() => Export(new() { OnnxPath = OnnxFile })).ErrorId);
        }
    }

    // The same numbers, of which another third is for testing.
    private static Dataset SmallDigits()
    {
        var rows = Enumerable.Range(0, Data.Train.Count / 2).ToArray();
        return new(Data.Identity with { TestCount = 7 }, Data.ClassNames, Data.ExampleShape, Data.Scaling, new(Split.Train, Data.Train.Store, rows, Data.ClassCount), Data.Validation, Data.Test);
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
        Assert.Equal("OnnxInputMismatch", Assert.Throws<SlcException>(() => FeatureFolder.Export(small, _folder, new() { OnnxPath = OnnxFile }, null, null, Stop)).ErrorId);
        Assert.Equal("FileNotFound", Assert.Throws<SlcException>(() => Export(new() { OnnxPath = OnnxFile + "x" })).ErrorId);
        File.WriteAllText(OnnxFile, "no graph");
        Assert.Equal("OnnxFailed", Assert.Throws<SlcException>(() => Export(new() { OnnxPath = OnnxFile })).ErrorId);
        Assert.Equal("FeatureSourceInvalid", Assert.Throws<SlcException>(() => Export(new())).ErrorId);
        Assert.Equal("FeatureSourceInvalid", Assert.Throws<SlcException>(() => Export(new() { OnnxPath = OnnxFile, PixelMean = [0] })).ErrorId);
        Assert.Equal("FeatureSourceInvalid", Assert.Throws<SlcException>(() => Export(new() { Model = Model, OutputName = "logit" })).ErrorId);
    }
}

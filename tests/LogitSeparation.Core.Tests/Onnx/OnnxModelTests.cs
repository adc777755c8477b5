using System.Text.Json;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Onnx;
using LogitSeparation.Core.Tests.Training;
using LogitSeparation.Core.Training;
using Xunit;

namespace LogitSeparation.Core.Tests.Onnx;

public sealed class OnnxModelTests : IDisposable
{
    private static readonly Dataset Data = SmallDataset.Create();

    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("slc").FullName, "model.onnx");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    private static Model Train(string network, int[] hidden) => Trainer.Train(
        Data, ["BatchCE"], new(), new() { Network = network, StepCount = 20, BatchSize = 16, HiddenUnit = hidden, Device = TestDevice.Name }, null, Stop).Single().Model!;

    // Statistics that are not 0 and 1, so that forgetting them is noticed.
    private static Model Build(string network, int[] shape, int[] hidden, int classCount, PixelScaling scaling)
    {
        using var built = new Network(NetworkCatalog.Describe(network, shape, hidden, classCount), seed: 1, TestDevice.Open());
        var weights = built.CopyWeights().ToDictionary(item => item.Key, item => item.Value);
        var random = new SplitMix64(3);
        foreach (var (name, weight) in weights.Where(item => item.Key.Contains("norm.", StringComparison.Ordinal)).ToArray())
            weights[name] = weight with { Values = Enumerable.Range(0, weight.Values.Length).Select(_ => (float)(0.5 + random.NextDouble())).ToArray() };
        return new(NetworkCatalog.Describe(network, shape, hidden, classCount), weights)
        {
            Loss = "BatchCE",
            LossOptions = new(),
            Training = new(),
            DatasetIdentity = new("Made", null, "none", 0, 0),
            ClassNames = Enumerable.Range(0, classCount).Select(j => $"class {j}").ToArray(),
            Scaling = scaling,
            ThreadCount = 1,
            History = Array.Empty<HistoryPoint>(),
            Duration = TimeSpan.Zero,
            Version = "1",
        };
    }

    [Theory]
    [InlineData("MLP", new[] { 12, 5 })]
    [InlineData("Linear", new int[0])]
    [InlineData("CNN", new[] { 6 })]
    public void Single_logits_of_real_examples_are_the_models_own(string network, int[] hidden)
    {
        var model = Train(network, hidden);
        Assert.InRange(OnnxModel.Export(model, _path, allLogits: false, Stop), 0, 1e-4);
        var table = new ModelLogits(model, Data, Split.Test, TestDevice.Name, Stop).ToMemory();
        using var session = OnnxSession.OpenFile(_path);
        Assert.Equal([OnnxModel.Example, OnnxModel.Class], session.Inputs.Keys);
        Assert.Equal([-1, 1, 4, 4], session.Inputs[OnnxModel.Example]!);
        Assert.Equal([OnnxModel.Logit], session.Outputs);

        var examples = Enumerable.Range(0, 5).SelectMany(i => Data.Test.Example(i)).ToArray();
        foreach (var classes in new long[][] { [2], [3, 0, 3], [0, 1, 2, 3] })
        {
            var (values, shape) = session.Run(OnnxModel.Logit, examples, [5, 1, 4, 4], classes);
            Assert.Equal([5L, classes.Length], shape);
            for (var i = 0; i < values.Length; i++)
            {
                var expected = table.SingleLogits.Span[(i / classes.Length * 4) + (int)classes[i % classes.Length]];
                Assert.InRange(Math.Abs(values[i] - expected), 0, 1e-4 * Math.Max(1, Math.Abs(expected)));
            }
        }

        OnnxModel.Export(model, _path, allLogits: true, Stop);
        using var all = OnnxSession.OpenFile(_path);
        Assert.Equal([OnnxModel.Example], all.Inputs.Keys);
        var whole = all.Run(OnnxModel.Logit, examples, [5, 1, 4, 4]);
        Assert.Equal([5L, 4], whole.Shape);
        Assert.All(whole.Values.Zip(table.SingleLogits.ToArray()), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-4 * Math.Max(1, Math.Abs(pair.Second))));
    }

    [Theory]
    [InlineData("CNN", new[] { 3, 9, 7 }, new[] { 6 }, 3)]
    [InlineData("CNN", new[] { 5, 8 }, new[] { 6, 4 }, 1)]
    [InlineData("InceptionV3", new[] { 3, 80, 75 }, new int[0], 3)]
    [InlineData("MLP", new[] { 3, 2, 5 }, new[] { 7 }, 3)]
    public void Normalisation_padding_and_scaling_are_those_of_the_network(string network, int[] shape, int[] hidden, int runs)
    {
        var scaling = new PixelScaling(Enumerable.Range(1, runs).Select(r => 30.0 * r).ToArray(), Enumerable.Range(1, runs).Select(r => 20.0 + r).ToArray());
        var model = Build(network, shape, hidden, 11, scaling);
        var difference = OnnxModel.Export(model, _path, allLogits: false, Stop);
        TestContext.Current.SendDiagnosticMessage($"{network}: {difference}");
        Assert.InRange(difference, 0, 1e-3);
    }

    [Fact]
    public void A_single_logit_takes_as_many_multiply_adds_whatever_the_number_of_classes()
    {
        var scaling = new PixelScaling(1, 2);
        var counts = new[] { 2, 10, 5000 }.Select(k => Count(OnnxModel.Describe(Build("MLP", [30], [20], k, scaling), allLogits: false), classes: 1)).ToArray();
        Assert.All(counts, count => Assert.Equal((30 * 20) + 20, count));
        Assert.Equal((30 * 20) + (20 * 3), Count(OnnxModel.Describe(Build("MLP", [30], [20], 5000, scaling), allLogits: false), classes: 3));
        Assert.Equal((30 * 20) + (20 * 5000), Count(OnnxModel.Describe(Build("MLP", [30], [20], 5000, scaling), allLogits: true), classes: 1));
    }

    [Fact]
    public void Names_and_thresholds_of_the_classes_are_in_the_file()
    {
        var model = Train("Linear", []);
        model.Keep([new("class 2", 1.25, "F1"), new("class 0", double.NegativeInfinity, "F1")]);
        OnnxModel.Export(model, _path, allLogits: false, Stop);
        using var session = OnnxSession.OpenFile(_path);
        Assert.Equal(model.ClassNames, JsonSerializer.Deserialize<string[]>(session.Metadata["classes"])!);
        Assert.Equal("[\"-Infinity\",null,1.25,null]", session.Metadata["thresholds"]);
    }

    [Fact]
    public void Large_arrays_lie_in_a_file_beside_where_one_file_cannot_hold_them()
    {
        var model = Build("MLP", [30], [20], 5000, new(1, 2));
        Assert.InRange(OnnxModel.Export(model, _path, allLogits: false, 100_000, Stop), 0, 1e-4);
        Assert.InRange(new FileInfo(_path).Length, 1000, 200_000);
        Assert.InRange(new FileInfo(OnnxModel.CompanionOf(_path)).Length, 4L * 20 * 5000, (4L * 21 * 5000) + 20_000);
        Assert.Equal([Path.GetFileName(OnnxModel.CompanionOf(_path))], OnnxOutline.Read(_path).Companions);
        Assert.Equal(2, Directory.GetFiles(Path.GetDirectoryName(_path)!).Length);
        using var session = OnnxSession.OpenFile(_path);
        Assert.Equal([4L, 2], session.Run(OnnxModel.Logit, new float[4 * 30], [4, 30], [0, 4999]).Shape);
    }

    [Fact]
    public void A_logit_that_is_no_number_differs()
    {
        Assert.Equal(0.25, OnnxCheck.Compare([1, 1000], [1.25f, 1000]));
        Assert.Null(OnnxCheck.Compare([1, 2], [1.25f, 2]));
        Assert.Null(OnnxCheck.Compare([1, 2, 3], [1, float.NaN, 3]));
        Assert.Null(OnnxCheck.Compare([1, float.NaN, 3], [1, float.NaN, 3]));
        Assert.Null(OnnxCheck.Compare([1, 2], [1]));
        Assert.Equal([0, 166666, 333333, 499999, 666666, 833332, 999999], OnnxCheck.Choose(1_000_000, all: false));
        Assert.Equal([0, 1, 2], OnnxCheck.Choose(3, all: false));
    }

    [Fact]
    public void A_file_that_was_there_stays_where_another_cannot_be_checked()
    {
        File.WriteAllText(_path, "older");
        Assert.Throws<InvalidOperationException>(() => Core.Formats.AtomicFile.WriteChecked(_path, stream => stream.WriteByte(1), written =>
        {
            Assert.Equal([1], File.ReadAllBytes(written));
            throw new InvalidOperationException();
        }, Stop));
        Assert.Equal("older", File.ReadAllText(_path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(_path)!));
    }

    [Fact]
    public void Refuses_damaged_files()
    {
        Assert.Equal("OnnxFailed", Assert.Throws<SlcException>(() => OnnxSession.Open([8, 8, 1, 2, 3], "x.onnx")).ErrorId);
        Assert.Equal("OnnxFailed", Assert.Throws<SlcException>(() => OnnxSession.Open([], "x.onnx")).ErrorId);
    }

    // The multiply-adds of the matrix products for one example; the other operations have none.
    private static long Count(OnnxGraph graph, int classes)
    {
        var rows = graph.Constants.ToDictionary(constant => constant.Name, constant => constant.Shape);
        var sum = 0L;
        foreach (var node in graph.Nodes)
        {
            switch (node.Kind)
            {
                case "Gather":
                    rows[node.Output] = [classes, .. rows[node.Inputs[0]].Skip(1)];
                    break;
                case "Gemm":
                    sum += rows[node.Inputs[1]][0] * rows[node.Inputs[1]][1];
                    break;
                default:
                    Assert.Contains(node.Kind, new[] { "Flatten", "Sub", "Mul", "Relu" });
                    break;
            }
        }

        return sum;
    }
}

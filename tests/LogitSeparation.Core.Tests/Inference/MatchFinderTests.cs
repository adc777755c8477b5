using LogitSeparation.Core.Data;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Tests.Data.Pictures;
using LogitSeparation.Core.Tests.Formats;
using LogitSeparation.Core.Tests.Training;
using LogitSeparation.Core.Thresholds;
using LogitSeparation.Core.Training;
using Xunit;

namespace LogitSeparation.Core.Tests.Inference;

public sealed class MatchFinderTests : IDisposable
{
    private const double All = double.NegativeInfinity;

    private static readonly Dataset Data = SmallDataset.Create();
    private static readonly Model Model = Train(Data);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(4)]
    [InlineData(40)]
    public void Computes_the_trunk_and_the_rows_that_are_asked_for_whatever_the_number_of_classes(int classCount)
    {
        var data = SmallDataset.Create(classCount);
        var model = Train(data);
        using var finder = new MatchFinder(model, [new(2, All), new(0, All)], TestDevice.Name);
        Assert.Equal(2 * data.Test.Count, finder.Find(ExampleSource.OfSplit(data, Split.Test), Stop).Count());

        // 16 inputs, 8 hidden units, two rows of the head.
        Assert.Equal(data.Test.Count, finder.ExampleCount);
        Assert.Equal(data.Test.Count * ((16 * 8) + (2 * 8L)), finder.MultiplyAddCount);
        var info = NetworkCatalog.Inspect("MLP", [1, 4, 4], [8], classCount);
        Assert.Equal(data.Test.Count * (info.SingleLogitMultiplyAddCount + 8), finder.MultiplyAddCount);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(40)]
    public void A_threshold_of_a_class_computes_its_row_of_the_head_alone(int classCount)
    {
        var data = SmallDataset.Create(classCount);
        var model = Train(data);
        var logits = new ModelLogits(model, data, Split.Validation, TestDevice.Name, Stop);
        var found = ThresholdSearch.MeasureAll(logits, [2, 1], null, Stop).Select(measure => measure()).ToArray();

        // 16 inputs, 8 hidden units, two rows of the head.
        Assert.Equal(data[Split.Validation].Count * ((16 * 8) + (2 * 8L)), logits.MultiplyAddCount);
        var expected = ThresholdSearch.MeasureAll(logits.ToMemory(), [2, 1], null, Stop).Select(measure => measure()).ToArray();
        Assert.Equal(["class 2", "class 1"], found.Select(threshold => threshold.Class!));
        Assert.Equal(expected.Select(threshold => threshold.TruePositives), found.Select(threshold => threshold.TruePositives));
        Assert.All(found.Zip(expected), pair => Assert.Equal(pair.Second.Threshold, pair.First.Threshold, 1e-5));
    }

    [Fact]
    public void Names_that_differ_in_case_are_different_classes_and_the_last_threshold_of_each_is_kept()
    {
        var model = Train(Data).WithHead(["A", "a", "b"], new float[3 * 8], new float[3], []);
        Assert.Equal([0, 1, 2], new[] { "A", "a", "B" }.Select(model.FindClass));
        Assert.Equal("UnknownClass", Assert.Throws<SlcException>(() => model.FindClass("c")).ErrorId);
        model.Keep([new("a", 1, "F1"), new(null, 2, "F1"), new("A", 3, "F1"), new("a", 4, "F1")]);
        Assert.Equal([null, "A", "a"], model.Threshold.Select(kept => kept.Class));
        Assert.Equal([3.0, 4.0, 2.0], new[] { "A", "a", "b" }.Select(name => model.FindThreshold(name)!.Value));
        Assert.Null(model.FindKept("b"));
    }

    [Fact]
    public void Other_rows_of_the_head_are_never_read()
    {
        var weights = Model.Weights.ToDictionary(weight => weight.Key, weight => weight.Value);
        var head = weights["head.weight"].Values.ToArray();
        for (var i = 0; i < head.Length; i++)
            head[i] = i / 8 == 1 ? head[i] : float.NaN;
        weights["head.weight"] = new([4, 8], head);
        var poisoned = Model.WithWeights(weights);
        Assert.Equal(
            Find(Model, [new(1, All)], ExampleSource.OfSplit(Data, Split.Test)).Select(match => match.Logit),
            Find(poisoned, [new(1, All)], ExampleSource.OfSplit(Data, Split.Test)).Select(match => match.Logit));
    }

    [Fact]
    public void Rows_of_numbers_and_arrays_are_what_a_split_of_them_is()
    {
        var rows = Enumerable.Range(0, Data.Test.Count).SelectMany(i => Data.Test.Example(i)).ToArray();
        AtomicFile.Write(_folder["x.npy"], stream => NpyArray.Write(stream, DenseArray.Create(rows, Data.Test.Count, 4, 4)), Stop);
        AtomicFile.Write(_folder["flat.npy"], stream => NpyArray.Write(stream, DenseArray.Create(rows, Data.Test.Count, 16)), Stop);
        ClassQuery[] queries = [new(1, 0.25)];
        var expected = Find(Model, queries, ExampleSource.OfSplit(Data, Split.Test));
        Assert.NotEmpty(expected);
        Assert.All(expected, match => Assert.Equal("Small Test", match.Source));
        foreach (var source in new[] { ExampleSource.OfRows(rows, 16), ExampleSource.OfArray(_folder["x.npy"]), ExampleSource.OfArray(_folder["flat.npy"]) })
        {
            var found = Find(Model, queries, source);
            Assert.Equal(expected.Select(match => (match.Index, match.Logit)), found.Select(match => (match.Index, match.Logit)));
            Assert.All(found, match => Assert.Null(match.IsTrue));
        }
    }

    [Fact]
    public void Pictures_are_scaled_and_made_grey_and_damaged_ones_reported()
    {
        string[] paths =
        [
            _folder.Write("a.png", SmallPictures.Png), _folder.Write("b.jpg", SmallPictures.Png.AsSpan(0, 40).ToArray()), _folder["missing.png"],
            _folder.Write("c.jpg", SmallPictures.GreyJpeg), _folder.Write("a copy.png", SmallPictures.Png),
        ];
        var skipped = new List<SlcException>();
        var found = Find(Model, [new(3, All)], ExampleSource.OfPictures(paths, firstIndex: 10, skipped.Add));
        Assert.Equal([(10, paths[0]), (13, paths[3]), (14, paths[4])], found.Select(match => (match.Index, match.Path!)));
        Assert.Equal(found[0].Logit, found[2].Logit);
        Assert.Equal(["PictureDamaged", "FileNotFound"], skipped.Select(error => error.ErrorId));
        Assert.Contains("b.jpg", skipped[0].Message, StringComparison.Ordinal);

        // The middle square of 24 x 24, of which 4 x 4 pixels of 6 x 6 are left: red 8 x, green 10 y, blue 4 (x + y) by their luma.
        var grey = Enumerable.Range(0, 16).Select(i =>
        {
            var (x, y) = (4 + 2.5 + (6 * (i % 4)), 2.5 + (6 * (i / 4)));
            return (float)((0.299 * 8 * x) + (0.587 * 10 * y) + (0.114 * 4 * (x + y)));
        }).ToArray();
        var byHand = Find(Model, [new(3, All)], ExampleSource.OfRows(grey, 16)).Single();
        Assert.Equal(byHand.Logit, found[0].Logit, 0.1);
        Assert.NotEqual(found[0].Logit, found[1].Logit, 0.01);
    }

    [Fact]
    public void Probabilities_come_with_the_calibration_that_is_said()
    {
        var calibration = new Calibration { Method = CalibrationMethod.Platt, Slope = 2, Offset = -1 };
        var found = Find(Model, [new(0, All) { Calibration = calibration }, new(1, All)], ExampleSource.OfSplit(Data, Split.Test));
        Assert.All(found.Where(match => match.Class == "class 0"), match =>
        {
            Assert.Equal(1 / (1 + Math.Exp(1 - (2 * match.Logit))), match.Probability!.Value, 1e-12);
            Assert.Equal(CalibrationMethod.Platt, match.Calibration);
        });
        Assert.All(found.Where(match => match.Class == "class 1"), match => Assert.Equal((null, null), (match.Probability, match.Calibration)));
    }

    [Fact]
    public void Calibrations_travel_with_thresholds_in_the_models_file()
    {
        var logits = new ModelLogits(Model, Data, Split.Validation, TestDevice.Name, Stop);
        var model = Model.WithWeights(Model.Weights);
        var thresholds = ThresholdSearch.MeasureAll(logits, [0, 2], new() { Calibration = CalibrationMethod.Isotonic }, Stop).Select(measure => measure()).ToArray();
        model.Keep(thresholds.Select(threshold => threshold.ToKept()));
        ModelFile.Export(model, _folder["model.safetensors"], Stop);
        var back = ModelFile.Import(_folder["model.safetensors"], Stop);
        foreach (var threshold in thresholds)
        {
            var kept = back.FindKept(threshold.Class!)!;
            Assert.Equal(CalibrationMethod.Isotonic, kept.Calibration!.Method);
            foreach (var z in new[] { -3, -0.1, 0.4, 7 })
                Assert.Equal(threshold.Calibration!.Probability(z), kept.Calibration.Probability(z));
        }

        Assert.Null(back.FindKept("class 1"));
    }

    [Fact]
    public void What_a_model_cannot_take_is_an_error_that_says_so()
    {
        Assert.Equal("FeatureRowInvalid", Assert.Throws<SlcException>(() => ExampleSource.OfRows([1, 2, 3], 2)).ErrorId);
        Assert.Equal("FeatureRowInvalid", Assert.Throws<SlcException>(() => ExampleSource.OfRows([1, float.NaN], 2)).ErrorId);
        Assert.Equal("ExampleShapeMismatch", Assert.Throws<SlcException>(() => Find(Model, [new(0, 0)], ExampleSource.OfRows(new float[15], 15))).ErrorId);

        var flat = Train(DatasetCatalog.Open(new() { Name = "Synthetic", Synthetic = new() { ClassCount = 3, Dimension = 5, TrainCount = 60, TestCount = 9 } }, null, Stop));
        var error = Assert.Throws<SlcException>(() => Find(flat, [new(0, 0)], ExampleSource.OfPictures(["a.png"], 0, _ => { })));
        Assert.Equal("PicturesNotTaken", error.ErrorId);
        Assert.Contains("-Feature", error.Message, StringComparison.Ordinal);
        var small = Model.WithScaling(new(0.5, 0.25));
        Assert.Equal("PicturesNotTaken", Assert.Throws<SlcException>(
            () => Find(small, [new(0, 0)], ExampleSource.OfPictures(["a.png"], 0, _ => { }))).ErrorId);
    }

    [Fact]
    public void The_best_are_the_first_of_all_in_order()
    {
        var random = new SplitMix64(7);
        var matches = Enumerable.Range(0, 500).Select(i => new Match(i, "c", random.Next(50), 0, null)).ToArray();
        var best = new LargestLogits<Match>(20);
        foreach (var match in matches)
            best.Offer(match, match.Logit);
        Assert.Equal(matches.OrderByDescending(match => match.Logit).Take(20), best.Take());
        Assert.Empty(best.Take());
    }

    private static Match[] Find(Model model, ClassQuery[] queries, ExampleSource source)
    {
        using var finder = new MatchFinder(model, queries, TestDevice.Name);
        return [.. finder.Find(source, Stop)];
    }

    private static Model Train(Dataset data) => Trainer.Train(
        data, ["BatchCE"], new(), new() { StepCount = 40, BatchSize = 16, HiddenUnit = [8], Device = TestDevice.Name }, null, Stop).Single().Model!;
}

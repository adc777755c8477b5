using LogitSeparation.Core.Classes;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Tests.Training;
using LogitSeparation.Core.Training;
using Xunit;

namespace LogitSeparation.Core.Tests.Classes;

public sealed class ClassAdditionTests
{
    private const string New = "class 1";

    private static readonly Dataset Data = SmallDataset.Create(testCount: 400, noise: 120);

    private static readonly Model Whole = Train();

    private static readonly Model Model = ClassRemoval.Remove(Whole, [New]);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static ClassAdditionOptions Options => new() { Device = TestDevice.Name };

    private static Model Train()
    {
        var model = Trainer.Train(
            Data, ["BatchCE"], new(), new() { StepCount = 60, BatchSize = 16, HiddenUnit = [12], Device = TestDevice.Name }, null, Stop).Single().Model!;
        model.Keep([new("class 0", 0.25, "F1"), new("class 1", 0.5, "F1"), new(null, -1.5, "F1"), new("class 3", 1e-3, "F1") { Promised = 0.9, Confidence = 0.95 }]);
        return model;
    }

    private static float[] Row(Model model, string name, string weight)
    {
        var values = model.Weights[weight].Values;
        var width = values.Length / model.ClassNames.Count;
        return values.Slice(model.FindClass(name) * width, width).ToArray();
    }

    private static void AssertSameRows(Model expected, Model actual, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            Assert.Equal(Row(expected, name, "head.weight"), Row(actual, name, "head.weight"));
            Assert.Equal(Row(expected, name, "head.bias"), Row(actual, name, "head.bias"));
            Assert.Equal(expected.Threshold.Where(kept => kept.Class == name), actual.Threshold.Where(kept => kept.Class == name));
        }

        Assert.Equal(expected.Threshold.Where(kept => kept.Class is null), actual.Threshold.Where(kept => kept.Class is null));
        foreach (var (name, weight) in expected.Weights.Where(item => !item.Key.StartsWith("head.", StringComparison.Ordinal)))
            Assert.Equal(weight.Values.ToArray(), actual.Weights[name].Values.ToArray());
    }

    [Fact]
    public void Removing_leaves_the_other_rows_and_thresholds_to_the_bit()
    {
        Assert.Equal(["class 0", "class 2", "class 3"], Model.ClassNames);
        Assert.Equal([3, 12], Model.Weights["head.weight"].Shape);
        AssertSameRows(Whole, Model, Model.ClassNames);
        Assert.DoesNotContain(Model.Threshold, kept => kept.Class == New);
        Assert.Equal(4, Whole.ClassNames.Count);
        Assert.Equal("UnknownClass", Assert.Throws<SlcException>(() => ClassRemoval.Remove(Whole, ["class 9"])).ErrorId);
        Assert.Equal("NoClassLeft", Assert.Throws<SlcException>(() => ClassRemoval.Remove(Whole, Whole.ClassNames)).ErrorId);
    }

    [Fact]
    public void Adding_leaves_every_other_logit_and_threshold_to_the_bit()
    {
        var extended = ClassAddition.Add(Model, New, Data, Options with { ExampleCount = 5 }, Stop);
        Assert.Equal(["class 0", "class 2", "class 3", New], extended.ClassNames);
        AssertSameRows(Model, extended, Model.ClassNames);
        foreach (var name in Model.ClassNames)
        {
            Match[] Find(Model model) => [.. SingleLogit.Find(model, Data, Split.Test, [new(model.FindClass(name), double.NegativeInfinity)], TestDevice.Name, Stop)];
            Assert.Equal(Find(Model).Select(match => match.Logit), Find(extended).Select(match => match.Logit));
        }

        Assert.Equal(3, Model.ClassNames.Count);
    }

    [Fact]
    public void What_it_says_of_the_class_is_what_its_logit_does_on_the_test_split()
    {
        var extended = ClassAddition.Add(Model, New, Data, Options, Stop);
        var added = Assert.Single(extended.AddedClass);
        Assert.Equal(extended.FindThreshold(New), added.Threshold);
        var matches = SingleLogit.Find(extended, Data, Split.Test, [new(extended.FindClass(New), added.Threshold)], TestDevice.Name, Stop).ToArray();
        Assert.Equal((matches.Length, matches.Count(match => match.IsTrue == true), 100), (added.TestSelected, added.TestTruePositives, added.TestPositives));
        Assert.Equal(matches.Count(match => match.IsTrue == true) / (double)matches.Length, added.Precision);
        Assert.Equal(matches.Count(match => match.IsTrue == true) / 100.0, added.Recall);
        Assert.True(added is { Precision: > 0.6, Recall: > 0.6, ExampleCount: 50, NegativeCount: 150 }, added.ToString());
    }

    [Fact]
    public void Its_logits_lie_where_those_of_the_others_do()
    {
        var extended = ClassAddition.Add(Model, New, Data, Options, Stop);
        var table = new ModelLogits(extended, Data, Split.Validation, TestDevice.Name, Stop).ToMemory();
        var (own, rest) = (new List<float>(), new List<float>());
        var (trueOnes, falseOnes) = (new List<float>(), new List<float>());
        for (var i = 0; i < table.Count; i++)
        {
            var label = table.Labels.Span[i];
            var row = table.SingleLogits.Span.Slice(i * 4, 4);
            (label == 3 ? own : rest).Add(row[3]);
            for (var j = 0; j < 3 && label != 3; j++)
                (j == label ? trueOnes : falseOnes).Add(row[j]);
        }

        Assert.Equal(trueOnes.Average(), own.Average(), 1e-4);
        Assert.Equal(falseOnes.Average(), rest.Average(), 1e-4);
    }

    [Fact]
    public void The_trunk_computes_the_examples_that_are_wanted_and_no_others()
    {
        using var examples = new ClassExamples(Model, New, Data, Options with { ExampleCount = 5 }, TestDevice.Open(), Stop);
        Assert.Equal([0, -1, 1, 2], examples.RowsOfNegatives);
        var (features, isPositive) = examples.Read(Split.Train);
        Assert.Equal((155, 5), (features.Count, isPositive.Count(value => value)));
        Assert.Equal(155 * 16 * 12, examples.MultiplyAddCount);
        Assert.All(features.Labels.Skip(5), label => Assert.NotEqual(1, label));
        examples.Read(Split.Validation);
        Assert.Equal((155 + 40) * 16 * 12, examples.MultiplyAddCount);
    }

    [Theory]
    [InlineData(300, 60, 240)]
    [InlineData(299, 30, 120)]
    [InlineData(60, 12, 48)]
    public void What_memory_cannot_hold_is_thinned_alike(int mostRows, int positives, int negatives)
    {
        var (own, others) = ClassExamples.Thin([.. Enumerable.Range(0, 60)], [.. Enumerable.Range(60, 240)], d: 7, mostRows * 7);
        Assert.Equal((positives, negatives), (own.Length, others.Length));
    }

    [Fact]
    public void It_is_saved_and_comes_back()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("slc").FullName, "added.safetensors");
        var extended = ClassAddition.Add(Model, New, Data, Options with { Threshold = new() { Target = Core.Thresholds.ThresholdTarget.Recall(0.9) } }, Stop);
        ModelFile.Export(extended, path, Stop);
        var again = ModelFile.Import(path, Stop);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        Assert.Equal(extended.AddedClass, again.AddedClass);
        Assert.Equivalent(extended.Threshold, again.Threshold, strict: true);
        Assert.Empty(ClassRemoval.Remove(again, [New]).AddedClass);
    }

    [Fact]
    public void The_seed_decides_which_examples_are_used()
    {
        float[] Fit(int seed) => Row(ClassAddition.Add(Model, New, Data, Options with { ExampleCount = 3, Seed = seed }, Stop), New, "head.weight");
        Assert.Equal(Fit(1), Fit(1));
        Assert.NotEqual(Fit(1), Fit(2));
    }

    [Theory]
    [InlineData("class 0", null, 0.01, "ClassExists")]
    [InlineData("clas 1", null, 0.01, "UnknownClass")]
    [InlineData(New, 51, 0.01, "InvalidExampleCount")]
    [InlineData(New, 0, 0.01, "InvalidExampleCount")]
    [InlineData(New, null, 0.0, "InvalidPenalty")]
    public void Refuses_what_cannot_be_added(string name, int? count, double penalty, string errorId) => Assert.Equal(errorId, Assert.Throws<SlcException>(
        () => ClassAddition.Add(Model, name, Data, Options with { ExampleCount = count, Penalty = penalty }, Stop)).ErrorId);

    [Fact]
    public void Needs_examples_held_out_and_others()
    {
        var noValidation = SmallDataset.Create(validationCount: 0);
        Assert.Equal("NoHeldOutExamples", Assert.Throws<SlcException>(() => ClassAddition.Add(Model, New, noValidation, Options, Stop)).ErrorId);
        var alone = new Dataset(Data.Identity, [New], Data.ExampleShape, Data.Scaling, Alone(Data.Train), Alone(Data.Validation), Alone(Data.Test));
        Assert.Equal("NoNegatives", Assert.Throws<SlcException>(
            () => ClassAddition.Add(Model, New, alone, Options with { Negatives = alone }, Stop)).ErrorId);
        var fromOwn = ClassAddition.Add(Model, New, alone, Options, Stop);
        Assert.Equal(150, fromOwn.AddedClass[0].NegativeCount);

        static DataSplit Alone(DataSplit split)
        {
            var rows = Enumerable.Range(0, split.Count).Where(i => split.Labels.Span[i] == 1).ToArray();
            var bytes = rows.SelectMany(i => split.Example(i).Select(value => (byte)value)).ToArray();
            return new(split.Name, new ByteExamples(bytes, split.ExampleLength, new int[rows.Length]), null, 1);
        }
    }
}

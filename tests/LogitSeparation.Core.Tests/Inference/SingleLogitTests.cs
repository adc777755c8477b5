using LogitSeparation.Core.Data;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Tests.Training;
using LogitSeparation.Core.Training;
using Xunit;

namespace LogitSeparation.Core.Tests.Inference;

public sealed class SingleLogitTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly Dataset Data = SmallDataset.Create(testCount: 1500);

    private static readonly Model Model = Trainer.Train(
        Data, ["BatchCE"], new(), new() { StepCount = 40, BatchSize = 16, HiddenUnit = [8], Device = TestDevice.Name }, null, Stop).Single().Model!;

    [Fact]
    public void Gives_the_column_of_the_table_without_the_others()
    {
        var table = new ModelLogits(Model, Data, Split.Test, TestDevice.Name, Stop).ToMemory();
        for (var j = 0; j < Data.ClassCount; j++)
        {
            var matches = SingleLogit.Find(Model, Data, Split.Test, [new(j, double.NegativeInfinity)], TestDevice.Name, Stop).ToArray();
            Assert.Equal(Enumerable.Range(0, 1500), matches.Select(match => match.Index));
            Assert.All(matches, match =>
            {
                var expected = table.SingleLogits.Span[(match.Index * Data.ClassCount) + j];
                Assert.InRange(Math.Abs(match.Logit - expected), 0, 1e-5 * Math.Max(1, Math.Abs(expected)));
                Assert.Equal(table.Labels.Span[match.Index] == j, match.IsTrue);
                Assert.Equal($"class {j}", match.Class);
            });
        }
    }

    [Fact]
    public void Matches_are_those_above_the_threshold()
    {
        var all = SingleLogit.Find(Model, Data, Split.Test, [new(1, double.NegativeInfinity)], TestDevice.Name, Stop).ToArray();
        var threshold = all.Select(match => match.Logit).Order().ElementAt(1000);
        var some = SingleLogit.Find(Model, Data, Split.Test, [new(1, threshold)], TestDevice.Name, Stop).ToArray();
        Assert.Equal(all.Where(match => match.Logit > threshold).Select(match => match.Index), some.Select(match => match.Index));
        Assert.All(some, match => Assert.Equal(threshold, match.Threshold));
    }

    [Fact]
    public void Several_classes_are_found_in_one_pass_each_by_its_own_threshold()
    {
        ClassQuery[] queries = [new(3, 0.5), new(0, -0.5)];
        var together = SingleLogit.Find(Model, Data, Split.Test, queries, TestDevice.Name, Stop).ToArray();
        foreach (var query in queries)
        {
            var alone = SingleLogit.Find(Model, Data, Split.Test, [query], TestDevice.Name, Stop).ToArray();
            var own = together.Where(match => match.Class == $"class {query.Class}").ToArray();
            Assert.Equal(alone.Select(match => match.Index), own.Select(match => match.Index));
            for (var i = 0; i < alone.Length; i++)
                Assert.Equal(alone[i].Logit, own[i].Logit, 1e-5 * Math.Max(1, Math.Abs(alone[i].Logit)));
        }

        Assert.NotEmpty(together);
        Assert.True(together.Zip(together.Skip(1)).All(pair => pair.First.Index <= pair.Second.Index));
    }

    [Fact]
    public void Reads_the_table_from_any_row()
    {
        var table = new ModelLogits(Model, Data, Split.Test, TestDevice.Name, Stop);
        using var reader = table.Open();
        var rows = new double[2 * Data.ClassCount];
        reader.Read(1100, rows);
        var expected = table.ToMemory().SingleLogits.ToArray().AsSpan(1100 * Data.ClassCount, rows.Length).ToArray();
        for (var i = 0; i < rows.Length; i++)
            Assert.InRange(Math.Abs(rows[i] - expected[i]), 0, 1e-5 * Math.Max(1, Math.Abs(expected[i])));
    }

    [Fact]
    public void Refuses_examples_of_another_shape_and_tables_of_other_classes()
    {
        var digits = DatasetCatalog.Open(new() { Name = "Digits" }, null, Stop);
        Assert.Equal("ExampleShapeMismatch", Assert.Throws<SlcException>(
            () => SingleLogit.Find(Model, digits, Split.Test, [new(0, 0)], TestDevice.Name, Stop).ToArray()).ErrorId);
        Assert.Equal("ClassMismatch", Assert.Throws<SlcException>(
            () => new ModelLogits(Model, digits, Split.Test, TestDevice.Name, Stop)).ErrorId);
    }

    [Fact]
    public void Unknown_classes_get_the_nearest_name()
    {
        Assert.Equal(2, Model.FindClass("CLASS 2"));
        var error = Assert.Throws<SlcException>(() => Model.FindClass("clas 3"));
        Assert.Equal("UnknownClass", error.ErrorId);
        Assert.Contains("class 3", error.Message, StringComparison.Ordinal);
    }
}

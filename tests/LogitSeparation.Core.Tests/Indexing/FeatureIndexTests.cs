using System.Globalization;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Indexing;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Tests.Data.Pictures;
using LogitSeparation.Core.Tests.Formats;
using LogitSeparation.Core.Tests.Inference;
using LogitSeparation.Core.Tests.Training;
using LogitSeparation.Core.Training;
using Xunit;

namespace LogitSeparation.Core.Tests.Indexing;

public sealed class FeatureIndexTests : IDisposable
{
    private const double All = double.NegativeInfinity;
    private const string PathVariable = "SLC_TEST_INDEX";
    private const string ModelVariable = "SLC_TEST_MODEL";
    private const int ChildRows = 37;

    private static readonly Dataset Data = SmallDataset.Create(testCount: 1500);
    private static readonly Model Model = Train(seed: 0);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Path => _folder["x.slcindex"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FeatureType.F32)]
    [InlineData(FeatureType.F16)]
    [InlineData(FeatureType.I8)]
    public void Answers_as_the_model_does_within_the_bound_that_it_states(FeatureType type)
    {
        var index = Build(Model, type, ExampleSource.OfSplit(Data, Split.Test));
        Assert.Equal((1500, 8, type, "Small Test"), (index.Count, index.FeatureCount, index.Type, index.Source.Single()));
        index.Verify(Stop);
        ClassQuery[] queries = [new(2, All), new(0, All)];
        var found = IndexSearch.Find(index, Model, queries, Stop).ToArray();
        var expected = SingleLogit.Find(Model, Data, Split.Test, queries, TestDevice.Name, Stop).ToArray();
        Assert.Equal(expected.Select(match => (match.Index, match.Class, match.IsTrue)), found.Select(match => (match.Index, match.Class, match.IsTrue)));
        for (var i = 0; i < found.Length; i++)
            Assert.InRange(Math.Abs(found[i].Logit - expected[i].Logit), 0, found[i].LogitError!.Value + 1e-5);
        Assert.InRange(found[0].LogitError!.Value, 0, type switch { FeatureType.F32 => 1e-4, FeatureType.F16 => 0.05, _ => 0.5 });
    }

    [Fact]
    public void The_largest_are_those_of_all_and_bring_their_own_names()
    {
        using (var builder = IndexBuilder.Create(Model, Path, FeatureType.F32, TestDevice.Name))
        {
            foreach (var split in new[] { Split.Test, Split.Train, Split.Test })
                _ = builder.Add(ExampleSource.OfSplit(Data, split), Stop).Count();
            builder.Close();
        }

        var index = FeatureIndex.Open(Path);
        Assert.True(index.Segments.Count > 2);
        ClassQuery[] queries = [new(2, All), new(0, 0)];
        var expected = IndexSearch.Find(index, Model, queries, Stop).OrderByDescending(match => match.Logit).Take(200).ToArray();
        Assert.Equal(expected, IndexSearch.FindLargest(index, Model, queries, 200, Stop));
        Assert.True(expected.Select(match => match.Source).Distinct().Count() > 1);
    }

    [Fact]
    public void An_index_that_was_replaced_meanwhile_is_not_searched_with_what_it_was()
    {
        var index = Build(Model, FeatureType.F32, ExampleSource.OfSplit(Data, Split.Test));
        using (var builder = IndexBuilder.Append(Model, Path, TestDevice.Name))
        {
            Assert.Single(builder.Add(ExampleSource.OfRows(new float[16], 16), Stop));
            builder.Close();
        }

        // What it has beyond what was known is left alone.
        Assert.Equal(index.Count, IndexSearch.Find(index, Model, [new(0, All)], Stop).Count());
        Build(Model, FeatureType.F32, ExampleSource.OfSplit(Data, Split.Train));
        Assert.Equal("IndexChanged", Assert.Throws<SlcException>(() => IndexSearch.Find(index, Model, [new(0, All)], Stop).ToArray()).ErrorId);
        Assert.Equal("IndexChanged", Assert.Throws<SlcException>(() => index.Verify(Stop)).ErrorId);
        Assert.Equal("IndexChanged", Assert.Throws<SlcException>(() => index.Source).ErrorId);
    }

    [Fact]
    public void What_is_there_stays_until_there_is_something_to_replace_it_by()
    {
        var index = Build(Model, FeatureType.F32, ExampleSource.OfSplit(Data, Split.Test));
        Assert.Equal("UnknownDevice", Assert.Throws<SlcException>(() => IndexBuilder.Create(Model, Path, FeatureType.F16, "nonsense")).ErrorId);
        using (var builder = IndexBuilder.Create(Model, Path, FeatureType.F16, TestDevice.Name))
        {
            Assert.Equal("ExampleShapeMismatch", Assert.Throws<SlcException>(() => builder.Add(ExampleSource.OfRows(new float[3], 3), Stop).Count()).ErrorId);
            Assert.Equal("ExamplesMissing", Assert.Throws<SlcException>(builder.Close).ErrorId);
        }

        FeatureIndex.Open(Path).Verify(Stop);
        Assert.Equal((index.Count, FeatureType.F32), (FeatureIndex.Open(Path).Count, FeatureIndex.Open(Path).Type));
    }

    [Fact]
    public void Matches_are_those_above_the_threshold_in_order()
    {
        var index = Build(Model, FeatureType.F32, ExampleSource.OfSplit(Data, Split.Test));
        var all = IndexSearch.Find(index, Model, [new(1, All)], Stop).ToArray();
        var threshold = all.Select(match => match.Logit).Order().ElementAt(1000);
        var some = IndexSearch.Find(index, Model, [new(1, threshold)], Stop).Select(match => match.Index).ToArray();
        Assert.Equal(all.Where(match => match.Logit > threshold).Select(match => match.Index), some);
        Assert.Equal("ClassOutOfRange", Assert.Throws<SlcException>(() => IndexSearch.Find(index, Model, [new(4, 0)], Stop).ToArray()).ErrorId);
    }

    [Fact]
    public void Grows_and_names_what_it_was_made_from()
    {
        Build(Model, FeatureType.F32, ExampleSource.OfSplit(Data, Split.Validation));
        string[] pictures = [_folder.Write("a.png", SmallPictures.Png), _folder.Write("b.png", SmallPictures.Png.AsSpan(0, 50).ToArray()), _folder.Write("c.jpg", SmallPictures.GreyJpeg)];
        var skipped = new List<SlcException>();
        using (var builder = IndexBuilder.Append(Model, Path, TestDevice.Name))
        {
            Assert.Equal([2L, 3L], builder.Add(ExampleSource.OfPictures(pictures, 0, skipped.Add), Stop).Concat(builder.Add(ExampleSource.OfRows(new float[16], 16), Stop)));
            Assert.Equal("IndexInUse", Assert.Throws<SlcException>(() => FeatureIndex.Open(Path)).ErrorId);
            Assert.Equal("IndexInUse", Assert.Throws<SlcException>(() => IndexBuilder.Append(Model, Path, TestDevice.Name)).ErrorId);
            Assert.Equal(43, builder.Close().Count);
        }

        var index = FeatureIndex.Open(Path);
        Assert.Equal(["Small Validation", "rows"], index.Source);
        var found = IndexSearch.Find(index, Model, [new(1, All)], Stop).ToArray();
        Assert.Equal([pictures[0], pictures[2]], found.Select(match => match.Path).OfType<string>());
        Assert.Equal(Enumerable.Range(0, 40).Concat([0, 2, 0]), found.Select(match => match.Index));
        Assert.Single(skipped);
    }

    [Fact]
    public void Another_head_may_ask_and_another_trunk_may_not()
    {
        var index = Build(Model, FeatureType.F32, ExampleSource.OfSplit(Data, Split.Test));
        var weights = Model.Weights.ToDictionary(weight => weight.Key, weight => weight.Value);
        weights["head.bias"] = new([4], Model.Weights["head.bias"].Values.ToArray().Select(bias => bias + 1).ToArray());
        var before = IndexSearch.Find(index, Model, [new(1, All)], Stop).First().Logit;
        Assert.Equal(before + 1, IndexSearch.Find(index, Model.WithWeights(weights), [new(1, All)], Stop).First().Logit, 1e-5);

        foreach (var other in new[] { Train(seed: 1), Model.WithScaling(new(99, 60)) })
        {
            var error = Assert.Throws<SlcException>(() => IndexSearch.Find(index, other, [new(1, 0)], Stop).ToArray());
            Assert.Equal("IndexOfAnotherModel", error.ErrorId);
            Assert.Contains(Path, error.Message, StringComparison.Ordinal);
            Assert.Equal("IndexOfAnotherModel", Assert.Throws<SlcException>(() => IndexBuilder.Append(other, Path, TestDevice.Name)).ErrorId);
        }
    }

    [Fact]
    public void Foreign_truncated_and_changed_files_are_told_apart()
    {
        var intact = File.ReadAllBytes(Build(Model, FeatureType.I8, ExampleSource.OfSplit(Data, Split.Test)).Path);
        _folder.Write("foreign", "Not an index at all, but a text that is long enough to be one, if only it began like one."u8.ToArray());
        Assert.Equal("IndexDamaged", Assert.Throws<SlcException>(() => FeatureIndex.Open(_folder["foreign"])).ErrorId);
        Assert.Equal("FileNotFound", Assert.Throws<SlcException>(() => FeatureIndex.Open(_folder["missing"])).ErrorId);
        for (var length = 0; length < intact.Length; length += length < 400 ? 7 : 997)
        {
            var path = _folder.Write("short", intact.AsSpan(0, length).ToArray());
            Assert.Contains(Assert.Throws<SlcException>(() => FeatureIndex.Open(path)).ErrorId, (string[])["IndexDamaged", "IndexTruncated"]);
        }

        // Whatever bit is flipped: an error, the commit before, or what the checksums find.
        var random = new SplitMix64(3);
        for (var i = 0; i < 400; i++)
        {
            var bytes = (byte[])intact.Clone();
            var position = i < 200 ? i * 2 : random.Next(bytes.Length);
            bytes[position] ^= (byte)(1 << (i % 8));
            var path = _folder.Write("changed", bytes);
            try
            {
                var index = FeatureIndex.Open(path);
                _ = IndexSearch.Find(index, Model, [new(0, All)], Stop).Count();
                index.Verify(Stop);
                Assert.True(index.Count is 0 or 1500 && (index.Count == 0 || position < 192 || (position < 640 && Padding(intact, position))),
                    string.Create(CultureInfo.InvariantCulture, $"A change at {position} was not noticed."));
            }
            catch (SlcException error)
            {
                Assert.Contains(error.ErrorId, (string[])["IndexDamaged", "IndexTruncated", "IndexOfAnotherModel"]);
            }
        }
    }

    [Fact]
    public void A_search_tells_that_the_file_became_shorter()
    {
        var index = Build(Model, FeatureType.F32, ExampleSource.OfSplit(Data, Split.Test));
        using (var file = File.OpenWrite(Path))
            file.SetLength(index.Length - 64);
        Assert.Equal("IndexTruncated", Assert.Throws<SlcException>(() => IndexSearch.Find(index, Model, [new(0, All)], Stop).ToArray()).ErrorId);
    }

    [Fact]
    public void What_does_not_fit_float16_is_refused_and_what_was_committed_stays()
    {
        var weights = Model.Weights.ToDictionary(weight => weight.Key, weight => weight.Value);
        var name = weights.Keys.Single(key => key.EndsWith("norm.weight", StringComparison.Ordinal));
        weights[name] = new([8], Enumerable.Repeat(1e6f, 8).ToArray());
        var large = Model.WithWeights(weights);
        var error = Assert.Throws<SlcException>(() => Build(large, FeatureType.F16, ExampleSource.OfSplit(Data, Split.Test)));
        Assert.Equal("FeatureOutOfRange", error.ErrorId);
        Assert.Contains("F32", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, FeatureIndex.Open(Path).Count);
    }

    /// <summary>What the process that is killed runs: adds rows until it is.</summary>
    [Fact(Explicit = true)]
    public void Add_for_ever()
    {
        var model = ModelFile.Import(Environment.GetEnvironmentVariable(ModelVariable)!, Stop);
        using var builder = IndexBuilder.Append(model, Environment.GetEnvironmentVariable(PathVariable)!, TestDevice.Name);
        while (true)
        {
            _ = builder.Add(ChildSource(), Stop).Count();
            builder.Commit();
        }
    }

    [Fact]
    public void A_killed_process_leaves_what_it_committed()
    {
        Build(Model, FeatureType.F16, ChildSource());
        ModelFile.Export(Model, _folder["model.safetensors"], Stop);
        var expected = IndexSearch.Find(FeatureIndex.Open(Path), Model, [new(3, All)], Stop).Select(match => match.Logit).ToArray();
        Assert.Equal(ChildRows, expected.Length);
        var random = new Random(Environment.ProcessId);
        for (var kill = 0; kill < 3; kill++)
        {
            var before = new FileInfo(Path).Length;
            Assert.True(TestProcess.StartAndKill(
                TestProcess.Describe(typeof(FeatureIndexTests), nameof(Add_for_ever), (PathVariable, Path), (ModelVariable, _folder["model.safetensors"])),
                () => new FileInfo(Path).Length > before, random.Next(200)));
            var index = FeatureIndex.Open(Path);
            index.Verify(Stop);
            Assert.Equal(0, index.Count % ChildRows);
            var logits = IndexSearch.Find(index, Model, [new(3, All)], Stop).Select(match => match.Logit).ToArray();
            Assert.Equal(index.Count, logits.Length);
            Assert.All(logits.Chunk(ChildRows), chunk => Assert.Equal(expected, chunk));
        }

        // A half-written run after the last commit, and a half-written commit, count for nothing.
        var whole = FeatureIndex.Open(Path);
        using (var file = File.OpenWrite(Path))
        {
            file.Position = (whole.Commit with { Sequence = whole.Commit.Sequence + 1 }).Offset;
            file.Write([1, 2, 3, 4, 5]);
            file.Position = whole.Length;
            file.Write([6, 7, 8]);
        }

        Assert.Equal(whole.Count, FeatureIndex.Open(Path).Count);
        using var builder = IndexBuilder.Append(Model, Path, TestDevice.Name);
        Assert.Single(builder.Add(ChildSource(), Stop));
        Assert.Equal(whole.Count + ChildRows, builder.Close().Count);
        FeatureIndex.Open(Path).Verify(Stop);
    }

    private static bool Padding(byte[] bytes, int position) => bytes[position] == 0;

    private static ExampleSource ChildSource() => ExampleSource.OfRows([.. Enumerable.Range(0, ChildRows * 16).Select(i => (float)(i * 31 % 255))], 16);

    private FeatureIndex Build(Model model, FeatureType type, ExampleSource source)
    {
        using var builder = IndexBuilder.Create(model, Path, type, TestDevice.Name);
        _ = builder.Add(source, Stop).Count();
        return builder.Close();
    }

    private static Model Train(int seed) => Trainer.Train(
        Data, ["BatchCE"], new(), new() { StepCount = 40, BatchSize = 16, HiddenUnit = [8], Seed = seed, Device = TestDevice.Name }, null, Stop).Single().Model!;
}

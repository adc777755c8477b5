using System.Globalization;
using System.Text;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Indexing;
using LogitSeparation.Core.Indexing.Graphs;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Tests.Formats;
using LogitSeparation.Core.Training;
using Xunit;

namespace LogitSeparation.Core.Tests.Indexing;

/// <summary>Approximate answers of an index of a model that was trained on real pictures, against the exact ones.</summary>
public sealed class IndexGraphTests : IDisposable
{
    private const double All = double.NegativeInfinity;

    private static readonly Dataset Data = DatasetCatalog.Open(new() { Name = "Digits" }, progress: null, CancellationToken.None);
    private static readonly Model Model = Train(hidden: 64, seed: 0);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Path => _folder["x.slcindex"];

    private string GraphPath => Path + ".graph";

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FeatureType.F32)]
    [InlineData(FeatureType.F16)]
    [InlineData(FeatureType.I8)]
    public void Recall_is_that_of_comparing_with_the_exact_answer(FeatureType type)
    {
        var index = Build(type);
        var graph = GraphBuilder.Build(index, Model, progress: null, Stop);
        Assert.True(graph.IsCurrent);
        Assert.Equal([1, 10, 100], graph.Recall.Select(recall => recall.Top).Distinct());
        foreach (var measured in graph.Recall.Where(recall => recall.Effort is 16 or 128 or 1024))
        {
            var shares = new List<double>();
            for (var c = 0; c < 10; c++)
            {
                var exact = IndexSearch.Find(index, Model, [new(c, All)], Stop).OrderByDescending(match => match.Logit).Take(measured.Top).ToArray();
                var found = GraphSearch.Find(index, Model, [new(c, All)], measured.Top, measured.Effort, Stop);
                shares.Add(found.Count(match => match.Logit >= exact[^1].Logit) / (double)measured.Top);
                Assert.All(found, match => Assert.Equal(measured.Recall, match.Recall));
            }

            Assert.Equal((shares.Average(), shares.Min(), 10), (measured.Recall, measured.Lowest, measured.ClassCount));
        }

        Assert.InRange(graph.RecallOf(10, graph.EffortFor(10))!.Recall, 0.9, 1);
    }

    [Fact]
    public void Whatever_is_found_is_exact_and_in_order()
    {
        var index = Build(FeatureType.I8);
        GraphBuilder.Build(index, Model, progress: null, Stop);
        ClassQuery[] queries = [new(3, All), new(7, All)];
        var exact = IndexSearch.Find(index, Model, queries, Stop).ToDictionary(match => (match.Class, match.Index));
        var found = GraphSearch.Find(index, Model, queries, 50, effort: null, Stop);
        Assert.Equal(50, found.Count);
        Assert.All(found, match => Assert.Equal(exact[(match.Class, match.Index)], match with { Recall = null }));
        Assert.Equal(found.Select(match => match.Logit).OrderDescending(), found.Select(match => match.Logit));

        var threshold = found[20].Logit;
        var some = GraphSearch.Find(index, Model, [new(3, threshold), new(7, threshold)], 50, effort: null, Stop);
        Assert.Equal(found.Where(match => match.Logit > threshold).Select(match => match.Index), some.Select(match => match.Index));

        // As many candidates as there are examples, so that only what no way leads to is missing.
        var all = GraphSearch.Find(index, Model, [new(3, All)], (int)index.Count, effort: null, Stop);
        Assert.InRange(all.Count, 0.95 * index.Count, index.Count);
        Assert.Equal("EffortTooSmall", Assert.Throws<SlcException>(() => GraphSearch.Find(index, Model, queries, 50, 49, Stop)).ErrorId);
        Assert.Equal("ClassOutOfRange", Assert.Throws<SlcException>(() => GraphSearch.Find(index, Model, [new(10, 0)], 1, null, Stop)).ErrorId);
    }

    [Fact]
    public void Effort_and_recall_are_those_that_were_measured()
    {
        var graph = GraphBuilder.Build(Build(FeatureType.F32), Model, progress: null, Stop);
        foreach (var top in new[] { 1, 3, 10, 11, 100 })
        {
            var measured = graph.Recall.Where(recall => recall.Top == (top <= 1 ? 1 : top <= 10 ? 10 : 100)).ToArray();
            Assert.Equal((measured.FirstOrDefault(recall => recall.Recall >= 0.99) ?? measured[^1]).Effort, graph.EffortFor(top));
            Assert.Equal(measured[^1], graph.RecallOf(top, int.MaxValue));
            Assert.Equal(measured[1], graph.RecallOf(top, measured[1].Effort));
            Assert.Equal(measured[0], graph.RecallOf(top, measured[1].Effort - 1));
            Assert.Null(graph.RecallOf(top, measured[0].Effort - 1));
        }

        Assert.InRange(graph.EffortFor(300), 300, graph.Count);
        Assert.Equal(5000, graph.EffortFor(5000));
        Assert.Equal(graph.Recall.Last(recall => recall.Top == 100 && recall.Effort <= 400), graph.RecallOf(200, 800));
    }

    [Fact]
    public void A_graph_belongs_to_the_examples_it_was_made_from()
    {
        var index = Build(FeatureType.F32);
        Assert.Null(index.Graph);
        Assert.Equal("GraphMissing", ErrorOf(index));
        GraphBuilder.Build(index, Model, progress: null, Stop);
        Assert.True(index.Graph!.IsCurrent);

        using (var builder = IndexBuilder.Append(Model, Path, TestDevice.Name))
        {
            _ = builder.Add(ExampleSource.OfSplit(Data, Split.Validation), Stop).Count();
            index = builder.Close();
        }

        Assert.False(index.Graph!.IsCurrent);
        var error = Assert.Throws<SlcException>(() => Ask(index));
        Assert.Equal("GraphOutdated", error.ErrorId);
        Assert.Contains("Optimize-SlcIndex", error.Message, StringComparison.Ordinal);
        GraphBuilder.Build(index, Model, progress: null, Stop);
        Assert.Equal(5, Ask(index).Count);

        // Fewer examples than it leads to, and other features of the same ones.
        Assert.Equal("GraphOfAnotherIndex", ErrorOf(Build(FeatureType.F32)));
        index = Build(FeatureType.F32);
        GraphBuilder.Build(index, Model, progress: null, Stop);
        Assert.Equal("GraphOfAnotherIndex", ErrorOf(Build(FeatureType.F16)));
        var other = Train(hidden: 64, seed: 1);
        Assert.Equal("IndexOfAnotherModel", Assert.Throws<SlcException>(() => GraphBuilder.Build(index, other, null, Stop)).ErrorId);
    }

    [Fact]
    public void What_was_made_anew_is_asked_anew()
    {
        var index = Build(FeatureType.F32);
        GraphBuilder.Build(index, Model, progress: null, Stop);
        var before = Ask(index);
        File.Delete(GraphPath);
        Assert.Equal("GraphMissing", ErrorOf(index));
        GraphBuilder.Build(index, Model, progress: null, Stop);
        Assert.Equal(before.Select(match => match.Logit), Ask(index).Select(match => match.Logit));
    }

    [Fact]
    public void Damage_is_an_error_and_never_reaches_the_library()
    {
        var index = Build(FeatureType.F32);
        GraphBuilder.Build(index, Model, progress: null, Stop);
        var intact = File.ReadAllBytes(GraphPath);
        var text = Encoding.UTF8.GetString(intact, 64, 4032).TrimEnd('\0').Length;
        string[] errors = ["GraphDamaged", "GraphTruncated"];
        for (var length = 0; length < intact.Length; length += length < 200 ? 13 : 1997)
        {
            _folder.Write("x.slcindex.graph", intact.AsSpan(0, length).ToArray());
            Assert.Contains(ErrorOf(index), errors);
        }

        var random = new SplitMix64(5);
        for (var i = 0; i < 300; i++)
        {
            var bytes = (byte[])intact.Clone();
            var position = i < 24 ? i : i < 150 ? 64 + random.Next(text) : 4096 + random.Next(bytes.Length - 4096);
            bytes[position] ^= (byte)(1 << (i % 8));
            _folder.Write("x.slcindex.graph", bytes);
            Assert.Contains(ErrorOf(index), errors);
        }

        _folder.Write("x.slcindex.graph", intact);
        Assert.Equal(5, Ask(index).Count);
    }

    [Fact]
    public void Bytes_that_are_whole_but_no_graph_are_refused_by_the_library()
    {
        var index = Build(FeatureType.F32);
        var graph = GraphBuilder.Build(index, Model, progress: null, Stop);
        foreach (var length in new[] { 1, 63, 5000 })
        {
            var foreign = new byte[length];
            var header = graph.Header with { Length = length, Checksum = System.IO.Hashing.XxHash3.HashToUInt64(foreign) };
            _folder.Write("x.slcindex.graph", [.. header.ToBytes(), .. foreign]);
            Assert.Contains(ErrorOf(index), (string[])["GraphDamaged", "GraphFailed"]);
        }
    }

    [Fact]
    public void A_stopped_building_leaves_nothing_behind()
    {
        var index = Build(FeatureType.F32);
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => GraphBuilder.Build(index, Model, _ => stop.Cancel(), stop.Token));
        Assert.Equal([Path], Directory.GetFiles(_folder.Path));
        var counts = new List<long>();
        GraphBuilder.Build(index, Model, counts.Add, Stop);
        Assert.Equal(index.Count, counts[^1]);
        Assert.Equal(counts.Order(), counts);
    }

    [Fact]
    public void An_index_without_examples_and_features_that_are_all_the_same_are_provided_for()
    {
        IndexWriter.Create(Path, new(Model.FeatureCount, FeatureType.F32, TrunkChecksum.Of(Model), "", "1"));
        Assert.Equal("IndexEmpty", Assert.Throws<SlcException>(() => GraphBuilder.Build(FeatureIndex.Open(Path), Model, null, Stop)).ErrorId);
        using (var builder = IndexBuilder.Append(Model, Path, TestDevice.Name))
        {
            _ = builder.Add(ExampleSource.OfRows(new float[64 * 3], 64), Stop).Count();
            builder.Close();
        }

        var index = FeatureIndex.Open(Path);
        var graph = GraphBuilder.Build(index, Model, progress: null, Stop);
        Assert.Equal([1, 3], graph.Recall.Select(recall => recall.Top).Distinct());
        Assert.Equal([0, 1, 2], Ask(index).Select(match => match.Index));
    }

    [Fact]
    public void A_platform_without_the_library_is_told()
    {
        var error = UsearchLibrary.LoadFrom(_folder.Path, "libnone.so");
        Assert.Equal("GraphLibraryNotLoaded", error!.ErrorId);
        Assert.Contains("linux-x64", error.Message, StringComparison.Ordinal);
        _folder.Write("libbroken.so", "no library"u8);
        error = UsearchLibrary.LoadFrom(_folder.Path, "libbroken.so");
        Assert.Equal("GraphLibraryNotLoaded", error!.ErrorId);
        Assert.Contains("-Approximate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Queries_lie_so_that_products_keep_their_order()
    {
        var index = Build(FeatureType.F32);
        using var file = FeatureIndex.OpenFile(Path);
        var space = GraphSpace.Of(index, file, Stop);
        var features = SegmentFeatures.Read(index, file.SafeFileHandle, index.Segments[0]);
        var weight = Model.GetWeight("head.weight", [10, 64]).Values.Span[..64];
        var (query, vector, pairs) = (GraphSpace.Query(weight), new float[65], new List<(double Logit, double Product)>());
        for (var row = 0; row < 200; row++)
        {
            var x = features.AsSpan(row * 64, 64);
            space.Place(x, vector);
            Assert.Equal(1, vector.Sum(value => (double)value * value), 1e-5);
            pairs.Add((Dot(weight, x), Dot(query, vector)));
        }

        // Both are the same but for a factor and a constant: correlation 1.
        var (a, b) = (pairs.Average(pair => pair.Logit), pairs.Average(pair => pair.Product));
        var correlation = pairs.Sum(pair => (pair.Logit - a) * (pair.Product - b))
            / Math.Sqrt(pairs.Sum(pair => (pair.Logit - a) * (pair.Logit - a)) * pairs.Sum(pair => (pair.Product - b) * (pair.Product - b)));
        Assert.Equal(1, correlation, 1e-6);
    }

    [Theory]
    [InlineData("a,b,label\n1,2,x\n3,4,y\n", new[] { 1f, 2, 3, 4 }, new[] { "x", "y" })]
    [InlineData("a,b\n1,2\n3,4\n", new[] { 1f, 2, 3, 4 }, null)]
    [InlineData("1,2\n3,4\n", new[] { 1f, 2, 3, 4 }, null)]
    public void Rows_of_csv_are_features_but_for_a_named_label(string text, float[] values, string[]? labels)
    {
        var path = _folder.Write("rows.csv", Encoding.UTF8.GetBytes(text));
        var (count, read, names) = Core.Data.Layouts.CsvTable.ReadFeatures(path);
        Assert.Equal(2, count);
        Assert.Equal(values, read);
        Assert.Equal(labels, names);
    }

    [Fact]
    public void Rows_of_csv_are_answered_as_the_same_rows()
    {
        var rows = Enumerable.Range(0, 5).Select(i => Data[Split.Test].Example(i).ToArray()).ToArray();
        var labels = Data[Split.Test].Labels.ToArray();
        var lines = rows.Select((row, i) => $"{Data.ClassNames[labels[i]]},{string.Join(',', row.Select(value => value.ToString(CultureInfo.InvariantCulture)))}");
        var path = _folder.Write("digits.csv", Encoding.UTF8.GetBytes($"label,{string.Join(',', Enumerable.Range(0, 64).Select(i => FormattableString.Invariant($"p{i}")))}\n{string.Join('\n', lines)}\n"));
        using var finder = new MatchFinder(Model, [new(4, All)], TestDevice.Name);
        var found = finder.Find(ExampleSource.OfArray(path), Stop).ToArray();
        var expected = finder.Find(ExampleSource.OfRows([.. rows.SelectMany(row => row)], 64), Stop).ToArray();
        Assert.Equal(expected.Select(match => match.Logit), found.Select(match => match.Logit));
        Assert.Equal(labels.Take(5).Select(label => (bool?)(label == 4)), found.Select(match => match.IsTrue));
        foreach (var (text, id) in new[] { ("a,b\n1,x\n", "CsvFileDamaged"), ("", "CsvFileDamaged"), ("a,b\n", "ArrayFileInvalid"), ("label\nx\n", "CsvFileDamaged"), ("a,b\n1,2\n", "ExampleShapeMismatch") })
        {
            var wrong = _folder.Write("wrong.csv", Encoding.UTF8.GetBytes(text));
            Assert.Equal(id, Assert.Throws<SlcException>(() => finder.Find(ExampleSource.OfArray(wrong), Stop).Count()).ErrorId);
        }
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }

    private static IReadOnlyList<Match> Ask(FeatureIndex index) => GraphSearch.Find(index, Model, [new(2, All)], 5, effort: null, Stop);

    private static string ErrorOf(FeatureIndex index) => Assert.Throws<SlcException>(() => Ask(index)).ErrorId;

    private FeatureIndex Build(FeatureType type)
    {
        using var builder = IndexBuilder.Create(Model, Path, type, TestDevice.Name);
        _ = builder.Add(ExampleSource.OfSplit(Data, Split.Train), Stop).Count();
        return builder.Close();
    }

    private static Model Train(int hidden, int seed) => Trainer.Train(
        Data, ["BatchCE"], new(), new() { StepCount = 150, HiddenUnit = [hidden], Seed = seed, Device = TestDevice.Name }, null, CancellationToken.None).Single().Model!;
}

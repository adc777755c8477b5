using System.Diagnostics;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Indexing;
using LogitSeparation.Core.Indexing.Graphs;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Training;

namespace LogitSeparation.Benchmarks;

/// <summary>
/// The ten largest logits of a class by the graph of an index, against the exact answer in turn: 10^5 examples with 128 features around 100 centres, and the
/// trained rows of a linear head. Both name what they find; the graph is open, as it is from a session's second question on.
/// </summary>
internal static class GraphBenchmark
{
    private const int RowCount = 100_000;
    private const int Top = 10;
    private const int Matching = 100;

    public static void Run()
    {
        var folder = Directory.CreateTempSubdirectory("slc-graph-");
        try
        {
            var data = DatasetCatalog.Open(
                new() { Name = "Synthetic", Synthetic = new() { ClassCount = 100, Dimension = 128, Separation = 6, TrainCount = RowCount + 1000 }, ValidationCount = 1000 },
                progress: null, CancellationToken.None);
            var model = Trainer.Train(data, ["BatchCE"], new(), new() { Network = "Linear", StepCount = 500, Device = "cpu" }, null, CancellationToken.None).Single().Model!;
            Measure(Write(model, data, Path.Combine(folder.FullName, "x.slcindex")), model);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Measure(FeatureIndex index, Model model)
    {
        var (clock, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var graph = GraphBuilder.Build(index, model, progress: null, CancellationToken.None);
        Console.WriteLine(FormattableString.Invariant(
            $"graph of {index.Count} x {index.FeatureCount}: {clock.Elapsed.TotalSeconds:F1} s to make and measure ({(Environment.CpuUsage.TotalTime - before).TotalSeconds:F1} s of processors), ")
            + FormattableString.Invariant($"{graph.Length / 1048576.0:F0} MiB beside {index.Length / 1048576.0:F0} MiB"));
        var threshold = IndexSearch.Find(index, model, [new(7, double.NegativeInfinity)], CancellationToken.None).Select(match => match.Logit).OrderDescending().ElementAt(Matching);
        ClassQuery[] query = [new(7, threshold)];
        clock.Restart();
        GC.KeepAlive(GraphSearch.Find(index, model, query, Top, effort: null, CancellationToken.None));
        Console.WriteLine(FormattableString.Invariant($"  first question, which opens and compares it: {clock.Elapsed.TotalMilliseconds:F1} ms"));
        foreach (var effort in new[] { 32, graph.EffortFor(Top), 512 }.Distinct().Order())
        {
            Ratio.Measure(() => GC.KeepAlive(GraphSearch.Find(index, model, query, Top, effort, CancellationToken.None)), () => Exact(index, model, query))
                .Print(FormattableString.Invariant($"top {Top} by graph, effort {effort}"), "exact pass", target: null);
            var recall = graph.RecallOf(Top, effort);
            Console.WriteLine(FormattableString.Invariant($"  recall {recall?.Recall:F3}, of the worst class {recall?.Lowest:F2}"));
        }
    }

    private static void Exact(FeatureIndex index, Model model, ClassQuery[] query)
    {
        var best = new LargestLogits<Match>(Top);
        foreach (var match in IndexSearch.Find(index, model, query, CancellationToken.None))
            best.Offer(match, match.Logit);
        GC.KeepAlive(best.Take());
    }

    private static FeatureIndex Write(Model model, Dataset data, string path)
    {
        using var builder = IndexBuilder.Create(model, path, FeatureType.F32, device: null);
        foreach (var count in builder.Add(ExampleSource.OfSplit(data, Split.Train), CancellationToken.None))
            GC.KeepAlive(count);
        return builder.Close();
    }
}

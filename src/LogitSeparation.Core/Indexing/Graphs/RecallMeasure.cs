using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Indexing.Graphs;

/// <summary>Measures how much of the exact answer a graph finds.</summary>
internal static class RecallMeasure
{
    private const int MostClasses = 100;

    private static readonly int[] Tops = [1, 10, 100];
    private static readonly int[] Efforts = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096];

    /// <summary>Asks the graph and the index for classes of the model, at all efforts.</summary>
    /// <param name="index">The index.</param>
    /// <param name="file">Its file.</param>
    /// <param name="model">Its rows of the head are the questions, as they will be those of users: all, or a hundred drawn of more.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="cancellation">Looked at before each question.</param>
    public static RecallAtEffort[] Of(FeatureIndex index, FileStream file, Model model, VectorGraph graph, CancellationToken cancellation)
    {
        int[] tops = [.. Tops.Select(top => (int)Math.Min(top, index.Count)).Distinct()];
        int[] efforts = [.. Efforts.Select(effort => (int)Math.Min(effort, index.Count)).Distinct()];
        ClassQuery[] queries = [.. Classes(model.ClassNames.Count).Select(row => new ClassQuery(row, double.NegativeInfinity))];
        var exact = LargestLogits.Of(index, file, QueryRows.Of(model, queries, index), tops[^1], cancellation);
        var found = Array.ConvertAll(queries, query =>
        {
            cancellation.ThrowIfCancellationRequested();
            return Array.ConvertAll(efforts, effort => Found(index, file, model, graph, query, effort, cancellation));
        });

        var measured = new List<RecallAtEffort>();
        foreach (var top in tops)
        {
            for (var e = 0; e < efforts.Length; e++)
            {
                if (efforts[e] < top)
                    continue;
                double[] shares = [.. exact.Select((logits, q) => Share(logits[top - 1], found[q][e], top))];
                measured.Add(new(top, efforts[e], shares.Average(), shares.Min(), shares.Length));
            }
        }

        return [.. measured];
    }

    // Exact logits of what the graph finds, the largest first.
    private static float[] Found(FeatureIndex index, FileStream file, Model model, VectorGraph graph, ClassQuery query, int effort, CancellationToken cancellation)
    {
        var rows = QueryRows.Of(model, [query], index);
        var weight = model.GetWeight("head.weight", [model.ClassNames.Count, rows.FeatureCount]).Values.Span.Slice(query.Class * rows.FeatureCount, rows.FeatureCount);
        using var scan = new IndexScan(index, file, rows);
        var hits = scan.Run(index.PartsOf(graph.Search(GraphSpace.Query(weight), effort)), cancellation);
        return [.. hits.SelectMany(part => part).Select(hit => hit.Logit).OrderDescending()];
    }

    private static double Share(float least, float[] found, int top) => found.Take(top).Count(logit => logit >= least) / (double)top;

    // A hundred of more, each as likely as any other, and the same ones every time.
    private static int[] Classes(int count)
    {
        int[] classes = [.. Enumerable.Range(0, count)];
        var random = new SplitMix64(0);
        for (var i = 0; i < Math.Min(MostClasses, count); i++)
        {
            var other = i + random.Next(count - i);
            (classes[i], classes[other]) = (classes[other], classes[i]);
        }

        return [.. classes.Take(MostClasses).Order()];
    }
}

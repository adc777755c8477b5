using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.Benchmarks;

/// <summary>
/// All metrics and the separation report of n x k logits, against a bare parallel pass over the same memory (its sum); for a table
/// that is generated block by block, against generating it once.
/// </summary>
internal static class MetricsBenchmark
{
    private const double Target = 0.2;

    /// <summary>Rows of a block of the table that does not fit in memory; a whole number of blocks.</summary>
    private const int BlockRows = 200;

    public static void Run()
    {
        foreach (var (name, shift) in new[] { ("untrained", 0f), ("trained", 6f), ("separated", 20f) })
        {
            foreach (var (n, k) in new[] { (10_000, 10), (10_000, 100), (50_000, 1000) })
                Measure($"{n} x {k}, {name}", new GeneratedLogits(n, k, shift).ToMemory(), k == 1000 ? Target : null);
        }

        MeasureAllLogits(new GeneratedLogits(50_000, 1000, 6f).ToMemory());
        MeasureStreamed(new GeneratedLogits(50_000, 20_000, 6));
    }

    private static void Measure(string name, MemoryLogits logits, double? target)
    {
        var bytes = logits.SingleLogits.Length * (double)sizeof(float);
        var pass = Fastest.Of(() => BarePass.Over(logits.SingleLogits));
        var metrics = Fastest.Of(() => SlcMetrics.Measure(logits));
        var cpu = Environment.CpuUsage.TotalTime;
        var rounds = 0;
        var all = Fastest.Of(() =>
        {
            LogitEvaluation.Measure(logits);
            rounds++;
        });
        cpu = (Environment.CpuUsage.TotalTime - cpu) / rounds;
        var verdict = target is null ? "" : $"  (target <= {target * 1000:F0} ms) {(all <= target ? "met" : "MISSED")}";
        Console.WriteLine(FormattableString.Invariant(
            $"metrics, {name,-24} all {all * 1000,9:F2} ms, {bytes / all / 1e9,6:F2} GB/s = {pass / all,5:F3} of a bare pass ({pass * 1000:F2} ms); processor time {cpu.TotalMilliseconds,9:F2} ms; metrics alone {metrics * 1000,8:F2} ms{verdict}"));
    }

    private static void MeasureAllLogits(MemoryLogits logits)
    {
        var pass = Fastest.Of(() => BarePass.Over(logits.SingleLogits));
        var single = Fastest.Of(() => LogitEvaluation.Measure(logits));
        var both = Fastest.Of(() => LogitEvaluation.Measure(logits, allLogits: true));
        Console.WriteLine(FormattableString.Invariant(
            $"metrics, {logits.Count} x {logits.ClassCount}, with those of all logits: {both * 1000:F2} ms = {both / single:F2} of single logits alone; {pass / both:F3} of a bare pass"));
    }

    private static void MeasureStreamed(GeneratedLogits logits)
    {
        var bytes = (double)logits.Count * logits.ClassCount * sizeof(float);
        var block = new float[BlockRows * logits.ClassCount];
        var generating = Fastest.Once(() => ForEachBlock(logits, block, () => { }));
        var pass = Fastest.Once(() => ForEachBlock(logits, block, () => BarePass.Over(block))) - generating;
        var all = Fastest.Once(() => LogitEvaluation.Measure(logits));
        // The table is generated once for its true logits, and once to be counted.
        var counting = all - 2 * generating;
        Console.WriteLine(FormattableString.Invariant(
            $"metrics, {logits.Count} x {logits.ClassCount}, in blocks: all {all:F2} s, {bytes / all / 1e9:F2} GB/s; generating it twice {2 * generating:F2} s of that, and so counting {counting:F2} s, {bytes / counting / 1e9:F2} GB/s = {pass / counting:F3} of a bare pass over the blocks ({pass:F2} s)"));
    }

    private static void ForEachBlock(GeneratedLogits logits, float[] block, Action use)
    {
        using var reader = logits.Open();
        for (var row = 0; row < logits.Count; row += BlockRows)
        {
            reader.Read(row, block);
            use();
        }
    }
}

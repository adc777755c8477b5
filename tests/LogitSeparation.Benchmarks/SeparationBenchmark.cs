using System.Diagnostics;
using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.Benchmarks;

/// <summary>
/// The report on separation of 50,000 x 1000 logits, without and with one for each class, against a bare pass over the same memory; and
/// of 1,000,000 x 1000 that are never held, with the memory that it takes.
/// </summary>
internal static class SeparationBenchmark
{
    private const double Gibibyte = 1 << 30;

    public static void Run()
    {
        MeasureStreamed(new GeneratedLogits(1_000_000, 1000, 6));
        Measure("trained", new GeneratedLogits(50_000, 1000, 6).ToMemory(), 5);
        Measure("untrained", new GeneratedLogits(50_000, 1000, 0).ToMemory(), 20);
    }

    private static void Measure(string name, MemoryLogits logits, double target)
    {
        foreach (var byClass in new[] { false, true })
        {
            Ratio.Measure(() => Separation.Measure(logits, byClass: byClass), () => BarePass.Over(logits.SingleLogits), rounds: 15)
                .Print($"separation{(byClass ? " by class" : "")}, 50000 x 1000, {name}", "a bare pass", byClass ? null : target);
        }
    }

    private static void MeasureStreamed(GeneratedLogits logits)
    {
        GC.Collect();
        var seconds = Fastest.Once(() => Separation.Measure(logits, byClass: true));
        using var process = Process.GetCurrentProcess();
        var peak = process.PeakWorkingSet64;
        Console.WriteLine(FormattableString.Invariant(
            $"separation by class, 1000000 x 1000 in blocks, generated twice: {seconds:F1} s; most memory of this process {peak / Gibibyte:F2} GiB (target <= 1 GiB) {(peak <= Gibibyte ? "met" : "MISSED")}"));
    }
}

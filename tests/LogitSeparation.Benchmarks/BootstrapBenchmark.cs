using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Evaluation.Statistics;

namespace LogitSeparation.Benchmarks;

/// <summary>Bootstrap intervals of all measures from 1000 replicates of 10,000 x 10 logits, against as many plain measurements.</summary>
internal static class BootstrapBenchmark
{
    private const int Replicates = 1000;
    private const double Target = 5;

    public static void Run()
    {
        foreach (var (name, shift) in new[] { ("untrained", 0f), ("trained", 3f) })
        {
            var logits = new GeneratedLogits(10_000, 10, shift).ToMemory();
            var options = new MetricsOptions { Bootstrap = new BootstrapOptions { ReplicateCount = Replicates } };
            var plain = Fastest.Of(() => SlcMetrics.Measure(logits));
            var resampled = Fastest.Of(() => SlcMetrics.Measure(logits, options));
            Console.WriteLine(FormattableString.Invariant(
                $"bootstrap, 10000 x 10, {name,-10} {Replicates} replicates {resampled:F2} s = {resampled / (Replicates * plain):F2} of measuring as often ({plain * 1000:F2} ms each)  (target <= {Target:F0} s) {(resampled <= Target ? "met" : "MISSED")}"));
        }
    }
}

using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Thresholds;
using Xunit;

namespace LogitSeparation.Core.Tests.Evaluation;

/// <summary>Tables made to break the fast ways, held against the definitions.</summary>
public sealed class AdversarialTableTests
{
    private const double Tolerance = 1e-12;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (var k in new[] { 1, 2, 7, 8, 9, 19 })
            {
                foreach (var name in Shapes.Keys)
                    cases.Add(name, k);
            }

            return cases;
        }
    }

    private static Dictionary<string, Func<int, int, double>> Shapes { get; } = new()
    {
        ["all equal"] = (_, _) => 0.5,
        ["rising"] = (i, _) => i,
        ["falling"] = (i, _) => -i,
        ["alternating"] = (i, _) => i % 2,
        ["columns rising"] = (_, j) => j,
        ["zeros of both signs"] = (i, j) => (i + j) % 2 == 0 ? 0.0 : -0.0,
        ["infinities"] = (i, j) => ((i + 2 * j) % 4) switch { 0 => double.PositiveInfinity, 1 => double.NegativeInfinity, _ => i - j },
        ["lowest is infinite"] = (i, j) => i == 3 ? double.NegativeInfinity : (i * 7 + j * 3) % 11,
        ["denormals"] = (i, j) => ((i * 5 + j * 3) % 9 - 4) * (double)float.Epsilon,
        ["far apart"] = (i, j) => ((i * 5 + j * 3) % 9 - 4) * (double)float.MaxValue / 4,
        ["clusters"] = (i, j) => i % 2 == 0 ? (i + 50 * j) * 1e-7 : 1 + (i * 7 + j) % 43,
        ["outliers"] = (i, j) => i == 0 ? -1e30 : i == 1 ? 1e30 : 1 + (i * 37 + j * 11) % 64 * 1e-6,
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_measure_agrees_with_its_definition(string shape, int k)
    {
        foreach (var labels in new Func<int, int>[] { i => i % k, i => Math.Min(i, k - 1), _ => 0, i => (i * i + 1) % k })
        {
            const int N = 41;
            var values = new float[N * k];
            for (var i = 0; i < values.Length; i++)
                values[i] = (float)Shapes[shape](i / k, i % k);
            var table = new MemoryLogits(values, [.. Enumerable.Range(0, N).Select(labels)], RandomTable.Names(k));
            AssertDefinitions(table, values);
            AssertDefinitions(new MemoryLogits(Array.ConvertAll(values, z => (double)z), table.Labels.ToArray(), table.ClassNames), values);
        }
    }

    private static void AssertDefinitions(MemoryLogits table, float[] values)
    {
        var (n, k, labels) = (table.Count, table.ClassCount, table.Labels.ToArray());
        var z = Array.ConvertAll(values, value => (double)value);
        var (metrics, separation) = LogitEvaluation.Measure(table, witnessCount: 3, cancellationToken: Stop);
        Assert.Equal(BruteForce.Violations(z, labels, k).Count, separation.ViolatingPairs);
        Assert.Equal(BruteForce.TopAccuracy(z, labels, k, 5), metrics.Top5Accuracy!.Value, Tolerance);
        Assert.Equal(BruteForce.TopAccuracy(z, labels, k, 1), metrics.Accuracy, Tolerance);
        AssertUniform(metrics, z, labels, k);
        for (var j = 0; j < k; j++)
        {
            var positive = Array.ConvertAll(labels, label => label == j);
            var scores = Enumerable.Range(0, n).Select(i => z[i * k + j]).ToArray();
            AssertClass(metrics.Class[j], table, scores, positive);
        }
    }

    private static void AssertClass(ClassMetrics measured, MemoryLogits table, double[] scores, bool[] positive)
    {
        if (!positive.Contains(true))
        {
            Assert.Null(measured.BestF1);
            return;
        }

        var (ap, trapezoid, p90) = BruteForce.Curve(scores, positive, 0.9);
        Assert.Equal(ap, measured.Auprc!.Value, Tolerance);
        Assert.Equal(trapezoid, measured.AuprcTrapezoid!.Value, Tolerance);
        Assert.Equal(p90, measured.PrecisionAt90!.Value, Tolerance);
        var canBeFound = scores.Where((_, i) => positive[i]).Any(score => score > double.NegativeInfinity);
        Assert.Equal(canBeFound, measured.BestF1 is not null);
        if (!canBeFound)
            return;
        var best = ThresholdSearch.Measure(table, measured.Index, cancellationToken: Stop);
        Assert.Equal((best.F1, best.Threshold), (measured.BestF1!.Value, measured.BestF1Threshold!.Value));
    }

    private static void AssertUniform(SlcMetrics metrics, double[] z, int[] labels, int k)
    {
        Assert.Equal(BruteForce.UniformAccuracy(z, labels, k), metrics.UniformAccuracy!.Value, Tolerance);
        Assert.Equal(metrics.UniformAccuracy > 0, metrics.UniformThreshold is not null);
        if (metrics.UniformThreshold is { } t)
            Assert.Equal(metrics.UniformAccuracy!.Value, BruteForce.UniformAccuracyAt(z, labels, k, t), Tolerance);
    }
}

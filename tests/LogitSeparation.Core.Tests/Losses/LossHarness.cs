using LogitSeparation.Core.Losses;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Losses;

/// <summary>
/// Evaluates losses on plain arrays, on the device that the tests run on. Float32 on the CPU goes by rows, but as a table where asked:
/// that is what a GPU runs.
/// </summary>
internal static class LossHarness
{
    public static (double Value, double[] Gradient) Evaluate(
        string name, double[] logits, int[] labels, int classCount, torch.ScalarType type = torch.ScalarType.Float64,
        LossOptions? options = null, int[]? counts = null, long step = 0, bool asTable = false)
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var loss = LossCatalog.Create(name, new(options ?? new(), counts ?? new int[classCount], Seed: 3));
        var z = torch.tensor(logits, labels.Length, classCount, dtype: type, device: device);
        var y = torch.tensor(Array.ConvertAll(labels, label => (long)label), device: device);
        var (value, gradient) = asTable ? loss.EvaluateAsTable(z, y, step) : loss.Evaluate(z, y, step);
        Assert.Equal(type, gradient.dtype);
        return (value.item<double>(), gradient.to(torch.float64).cpu().data<double>().ToArray());
    }

    /// <summary>The central difference of the loss by one logit.</summary>
    public static double Slope(Func<double[], double> loss, double[] logits, int index, double h = 1e-5)
    {
        var (up, down) = ((double[])logits.Clone(), (double[])logits.Clone());
        up[index] += h;
        down[index] -= h;
        return (loss(up) - loss(down)) / (2 * h);
    }

    /// <summary>A random batch: m x k logits of a given spread, and labels.</summary>
    public static (double[] Logits, int[] Labels) RandomBatch(int seed, int m, int k, double spread = 3)
    {
        var random = new Random(seed);
        var logits = Enumerable.Range(0, m * k).Select(_ => spread * ((2 * random.NextDouble()) - 1)).ToArray();
        return (logits, Enumerable.Range(0, m).Select(_ => random.Next(k)).ToArray());
    }
}

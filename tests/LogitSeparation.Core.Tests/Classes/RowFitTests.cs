using LogitSeparation.Core.Classes;
using Xunit;

namespace LogitSeparation.Core.Tests.Classes;

public sealed class RowFitTests
{
    private const int Width = 6;

    [Theory]
    [InlineData(40, 0.01, 1, 0.5)]
    [InlineData(300, 1, 1000, 0.5)]
    [InlineData(300, 1e-4, 1e-3, 0.5)]
    [InlineData(200, 1e-6, 1, 8)] // Separable: only the penalty keeps the row finite.
    public void It_is_the_minimum_of_the_penalised_loss(int n, double penalty, double scale, double gap)
    {
        var (features, isPositive) = Draw(n, scale, gap);
        var row = RowFit.Find(features, isPositive, penalty, TestContext.Current.CancellationToken);
        var (mean, deviation) = Moments(features, isPositive);
        double[] point = [.. row.Weight.Select((w, j) => w * deviation[j]), row.Bias + row.Weight.Select((w, j) => w * mean[j]).Sum()];
        double Loss(double[] w) => Naive(features, isPositive, penalty, mean, deviation, w);

        var slopes = Enumerable.Range(0, Width + 1).Select(j => Slope(Loss, point, j));
        var start = Enumerable.Range(0, Width + 1).Select(j => Slope(Loss, new double[Width + 1], j)).Max(Math.Abs);
        Assert.All(slopes, slope => Assert.InRange(Math.Abs(slope), 0, 1e-4 * start));
        Assert.True(Loss(point) < Loss(new double[Width + 1]));
    }

    [Fact]
    public void A_feature_that_is_the_same_for_all_has_no_weight()
    {
        var (features, isPositive) = Draw(50, 1, 1);
        for (var i = 0; i < features.Count; i++)
            features.Values[(i * Width) + 2] = 7;
        var row = RowFit.Find(features, isPositive, 0.01, TestContext.Current.CancellationToken);
        Assert.Equal(0, row.Weight[2]);
        Assert.All(row.Weight, weight => Assert.True(float.IsFinite(weight)));
    }

    private static (FeatureTable Features, bool[] IsPositive) Draw(int n, double scale, double gap)
    {
        var random = new SplitMix64(7);
        var isPositive = Enumerable.Range(0, n).Select(i => i % 5 == 0).ToArray();
        var values = new float[n * Width];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(scale * ((4 * random.NextDouble()) - 2 + (isPositive[i / Width] ? gap : 0) + (i % Width)));
        return (new(values, Width, new int[n]), isPositive);
    }

    private static double Share(bool[] isPositive, int i) => 0.5 / isPositive.Count(value => value == isPositive[i]);

    private static (double[] Mean, double[] Deviation) Moments(FeatureTable features, bool[] isPositive)
    {
        var mean = Enumerable.Range(0, Width).Select(j => Enumerable.Range(0, features.Count).Sum(i => Share(isPositive, i) * features.Row(i)[j])).ToArray();
        return (mean, [.. mean.Select((m, j) => Math.Sqrt(Enumerable.Range(0, features.Count).Sum(i => Share(isPositive, i) * Math.Pow(features.Row(i)[j] - m, 2))))]);
    }

    private static double Naive(FeatureTable features, bool[] isPositive, double penalty, double[] mean, double[] deviation, double[] w)
    {
        var sum = penalty / 2 * w.Take(Width).Sum(value => value * value);
        for (var i = 0; i < features.Count; i++)
        {
            var z = w[Width];
            for (var j = 0; j < Width; j++)
                z += w[j] * (features.Row(i)[j] - mean[j]) / deviation[j];
            sum += Share(isPositive, i) * Math.Log(1 + Math.Exp(isPositive[i] ? -z : z));
        }

        return sum;
    }

    private static double Slope(Func<double[], double> loss, double[] point, int j)
    {
        const double h = 1e-5;
        var (up, down) = ((double[])point.Clone(), (double[])point.Clone());
        up[j] += h;
        down[j] -= h;
        return (loss(up) - loss(down)) / (2 * h);
    }
}

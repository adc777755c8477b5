using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Networks;

/// <summary>Batch normalisation in float32 on the CPU, which has a kernel of its own, against libtorch's operations in float64.</summary>
public sealed class BatchNormTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 7)]
    [InlineData(64, 16)]
    [InlineData(65, 33)]
    [InlineData(128, 500)]
    [InlineData(130, 31)]
    public void The_kernel_agrees_with_operations_on_tables(int m, int units)
    {
        TorchRuntime.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var generator = new torch.Generator((ulong)(m * units));
        var a = torch.randn([m, units], generator: generator);
        var slope = torch.randn([m, units], generator: generator);
        var (output, gradient, gathered, statistics) = Run(a, slope, torch.ScalarType.Float32);
        var (expectedOutput, expectedGradient, expectedGathered, expectedStatistics) = Run(a, slope, torch.ScalarType.Float64);
        AssertNear(expectedOutput, output, 1e-5);
        AssertNear(expectedGradient, gradient, m == 2 ? 1e-3 : 1e-4);
        AssertNear(expectedGathered, gathered, 1e-4);
        AssertNear(expectedStatistics, statistics, 1e-5);
    }

    private static (torch.Tensor Output, torch.Tensor Gradient, torch.Tensor Gathered, torch.Tensor Statistics) Run(
        torch.Tensor a, torch.Tensor slope, torch.ScalarType type)
    {
        var units = (int)a.shape[1];
        using var parameters = new ParameterBuffer();
        var scale = parameters.Add("scale", () => Enumerable.Range(0, units).Select(j => 0.5f + (j % 3)).ToArray(), units);
        var shift = parameters.Add("shift", () => Enumerable.Range(0, units).Select(j => 0.1f * (j % 5)).ToArray(), units);
        parameters.Allocate(torch.CPU, type);
        using var norm = new BatchNorm("norm", scale, shift);
        foreach (var statistic in norm.Statistics)
            statistic.Allocate(torch.CPU, type);
        parameters.Gradient.AddInPlace(1);
        var output = norm.Forward(a.to(type, copy: true));
        var gradient = norm.Backward(slope.to(type, copy: true), 0.5);
        var statistics = torch.cat([.. norm.Statistics.Select(statistic => statistic.Value)], 0);
        return (output, gradient, parameters.Gradient.clone(), statistics);
    }

    private static void AssertNear(torch.Tensor expected, torch.Tensor actual, double tolerance)
    {
        Assert.Equal(torch.ScalarType.Float32, actual.dtype);
        var (e, a) = (expected.data<double>().ToArray(), actual.data<float>().ToArray());
        for (var i = 0; i < e.Length; i++)
            Assert.InRange(Math.Abs(e[i] - a[i]), 0, tolerance * (1 + Math.Abs(e[i])));
    }
}

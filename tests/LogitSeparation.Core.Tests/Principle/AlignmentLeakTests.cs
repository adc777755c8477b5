using LogitSeparation.Core.Tests.Training;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Principle;

/// <summary>Counts live tensors, so nothing else may make any meanwhile.</summary>
[Collection(nameof(TensorLeakTests))]
public sealed class AlignmentLeakTests
{
    [Theory]
    [InlineData("NCE", 4, 4)]
    [InlineData("BatchCE", 2, 4)]
    public void A_search_leaves_no_tensor(string loss, int m, int n)
    {
        TestDevice.Open();
        var before = CountTensors();
        AlignmentHarness.Run(loss, new() { BatchSize = m, ExampleCount = n, ClassCount = 3, Search = true });
        Assert.Equal(before, CountTensors());
    }

    // Tensors that others forgot are counted until their finalizers ran.
    private static long CountTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}

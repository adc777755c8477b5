using LogitSeparation.Core.Runtime;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Runtime;

public sealed class TorchRuntimeTests
{
    [Fact]
    public void Tensors_compute_once_it_is_loaded()
    {
        TorchRuntime.EnsureLoaded();
        using var one = torch.ones(1, device: TestDevice.Open());
        using var sum = one + one;
        Assert.Equal(2f, sum.cpu().item<float>());
    }

    [Fact]
    public void Gradients_are_computed()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        var x = torch.tensor(3.0, device: TestDevice.Open(), requires_grad: true);
        (x * x).backward();
        Assert.Equal(6.0, x.grad!.cpu().item<double>());
    }

    [Fact]
    public async Task Many_threads_may_ask_at_once()
    {
        using var start = new ManualResetEventSlim();
        var sums = Enumerable.Range(0, 16).Select(i => Task.Factory.StartNew(
            () =>
            {
                start.Wait();
                TorchRuntime.EnsureLoaded();
                using var scope = torch.NewDisposeScope();
                return torch.full(10, (double)i, torch.float64).sum().item<double>();
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();
        start.Set();
        Assert.Equal(Enumerable.Range(0, 16).Select(i => 10.0 * i), await Task.WhenAll(sums));
    }

    [Fact]
    public void It_says_which_platform_it_loaded()
    {
        TorchRuntime.EnsureLoaded();
        Assert.Equal(NativeLibraries.CurrentRid, TorchRuntime.Platform!.Rid);
    }

    [Fact]
    public void The_version_in_the_table_is_the_one_that_TorchSharp_expects() =>
        Assert.Equal(NativeLibraries.LibTorchVersion, torch.NormalizeNuGetVersion(torch.__version__));

    [Fact]
    public void It_takes_no_more_threads_than_the_process_may_use()
    {
        Assert.SkipWhen(
            Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is { Length: > 0 }
            || Environment.GetEnvironmentVariable("MKL_NUM_THREADS") is { Length: > 0 },
            "the number of threads is set by OMP_NUM_THREADS or MKL_NUM_THREADS");
        TorchRuntime.EnsureLoaded();
        Assert.InRange(torch.get_num_threads(), 1, Environment.ProcessorCount);
    }
}

using LogitSeparation.Core.Runtime;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Runtime;

public sealed class DevicesTests
{
    [Fact]
    public void The_processor_is_always_there_and_comes_first()
    {
        var cpu = Devices.List()[0];
        Assert.Equal(("cpu", DeviceKind.Cpu), (cpu.Name, cpu.Kind));
        Assert.Equal(torch.get_num_threads(), cpu.Threads);
        Assert.True(cpu.Memory > 1 << 20);
        Assert.NotEmpty(cpu.Description);
    }

    [Fact]
    public void The_processor_is_the_default_and_is_what_no_name_opens()
    {
        var chosen = Assert.Single(Devices.List(), device => device.IsDefault);
        Assert.Equal("cpu", chosen.Name);
        foreach (var name in new[] { null, "", " ", "CPU" })
            Assert.Equal("cpu", Devices.Open(name).ToString());
    }

    [Fact]
    public void Auto_is_the_first_GPU_where_there_is_one()
    {
        var best = Devices.List().FirstOrDefault(device => device.Kind == DeviceKind.Cuda)?.Name ?? "cpu";
        foreach (var name in new[] { "auto", "AUTO" })
            Assert.Equal(best, Devices.Open(name).ToString());
    }

    [Fact]
    public void Apples_GPU_is_not_offered_and_the_error_says_why()
    {
        Assert.DoesNotContain(Devices.List(), device => device.Name == "mps");
        var error = Assert.Throws<SlcException>(() => Devices.Open("mps"));
        Assert.Equal(("DeviceUnavailable", SlcErrorKind.Unavailable), (error.ErrorId, error.Kind));
        Assert.Contains("float64", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_device_of_the_list_can_be_opened_and_computes()
    {
        foreach (var info in Devices.List())
        {
            using var scope = torch.NewDisposeScope();
            var sum = torch.ones(4, dtype: torch.float64, device: Devices.Open(info.Name)).sum();
            Assert.Equal(4, sum.cpu().item<double>());
        }
    }

    [Theory]
    [InlineData("cdua", "cuda")]
    [InlineData("gpu", "cpu")]
    [InlineData("cuda:-1", "cuda")]
    [InlineData("cuda:one", "cuda")]
    public void An_unknown_name_is_an_error_with_the_nearest(string name, string nearest)
    {
        var error = Assert.Throws<SlcException>(() => Devices.Open(name));
        Assert.Equal(("UnknownDevice", SlcErrorKind.NotFound), (error.ErrorId, error.Kind));
        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
        Assert.Contains($"Did you mean '{nearest}'?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_GPU_that_is_not_there_is_an_error_with_what_there_is()
    {
        var error = Assert.Throws<SlcException>(() => Devices.Open("cuda:99"));
        Assert.Equal(("DeviceUnavailable", SlcErrorKind.Unavailable), (error.ErrorId, error.Kind));
        Assert.Contains("'cuda:99'", error.Message, StringComparison.Ordinal);
        Assert.Contains(string.Join(", ", Devices.List().Select(device => device.Name)), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_CUDA_build_the_message_says_how_to_get_one()
    {
        TorchRuntime.EnsureLoaded();
        Assert.SkipUnless(TorchRuntime.Platform!.Backend == "cpu", "this libtorch is built for CUDA");
        var error = Assert.Throws<SlcException>(() => Devices.Open("cuda"));
        Assert.Contains("-TorchBackend", error.Message, StringComparison.Ordinal);
        Assert.Contains(NativeLocation.Variable, error.Message, StringComparison.Ordinal);
    }
}

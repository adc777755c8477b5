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
    public void One_device_is_the_default_and_is_what_no_name_opens()
    {
        var chosen = Assert.Single(Devices.List(), device => device.IsDefault);
        foreach (var name in new[] { null, "", "auto", "AUTO" })
            Assert.Equal(chosen.Name, Devices.Open(name).ToString());
    }

    [Fact]
    public void Every_device_of_the_list_can_be_opened_and_computes()
    {
        foreach (var info in Devices.List())
        {
            using var sum = torch.ones(4, device: Devices.Open(info.Name)).sum();
            Assert.Equal(4f, sum.cpu().item<float>());
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
        Assert.Equal(("DeviceUnknown", SlcErrorKind.InvalidArgument), (error.ErrorId, error.Kind));
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

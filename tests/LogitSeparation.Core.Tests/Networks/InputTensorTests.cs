using LogitSeparation.Core.Data;
using LogitSeparation.Core.Networks;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Networks;

public sealed class InputTensorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(64)]
    [InlineData(100)]
    public void Picked_rows_are_scaled_bytes(int length)
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        var random = new Random(length);
        var bytes = new byte[7 * length];
        random.NextBytes(bytes);
        var scaling = new PixelScaling(33.3, 78.6);
        var table = torch.tensor(bytes, 7, length, device: device);
        long[] rows = [6, 0, 3, 3];
        var target = torch.empty(rows.Length, length);
        InputTensor.Pick(table.cpu(), torch.tensor(rows), scaling, target);
        var picked = target.data<float>().ToArray();
        var all = InputTensor.Scale(table, scaling).cpu().data<float>().ToArray();
        for (var i = 0; i < picked.Length; i++)
        {
            var source = (int)((rows[i / length] * length) + (i % length));
            Assert.Equal((bytes[source] - 33.3) / 78.6, picked[i], 1e-5);
            Assert.Equal(all[source], picked[i]);
        }
    }
}

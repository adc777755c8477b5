using System.Numerics;
using System.Runtime.InteropServices;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>Makes network inputs of pixel bytes, on the device that the bytes are on: (byte - mean) / deviation, as float32.</summary>
internal static class InputTensor
{
    /// <summary>The inputs of all rows.</summary>
    /// <param name="bytes">n x length, uint8.</param>
    /// <param name="scaling">The data set's scaling.</param>
    /// <returns>n x length.</returns>
    public static torch.Tensor FromBytes(torch.Tensor bytes, PixelScaling scaling) =>
        bytes.to(torch.float32).SubtractInPlace(scaling.Mean).MultiplyInPlace(1 / scaling.Deviation);

    /// <summary>The inputs of some rows. On the CPU they are picked, widened and scaled in one go.</summary>
    /// <param name="bytes">n x length, uint8.</param>
    /// <param name="rows">m row numbers, int64.</param>
    /// <param name="scaling">The data set's scaling.</param>
    /// <returns>m x length.</returns>
    public static torch.Tensor Pick(torch.Tensor bytes, torch.Tensor rows, PixelScaling scaling)
    {
        if (bytes.device_type != DeviceType.CPU)
            return FromBytes(bytes.index_select(0, rows), scaling);
        var length = (int)bytes.shape[1];
        var result = torch.empty(rows.shape[0], length);
        var values = MemoryMarshal.Cast<byte, float>(result.bytes);
        var source = bytes.bytes;
        var numbers = MemoryMarshal.Cast<byte, long>(rows.bytes);
        var (mean, factor) = ((float)scaling.Mean, (float)(1 / scaling.Deviation));
        for (var i = 0; i < numbers.Length; i++)
            Scale(source.Slice(checked((int)(numbers[i] * length)), length), values.Slice(i * length, length), mean, factor);
        return result;
    }

    private static void Scale(ReadOnlySpan<byte> source, Span<float> target, float mean, float factor)
    {
        var bytes = MemoryMarshal.Cast<byte, Vector<byte>>(source);
        var floats = MemoryMarshal.Cast<float, Vector<float>>(target);
        for (var i = 0; i < bytes.Length; i++)
        {
            Vector.Widen(bytes[i], out var low, out var high);
            Widen(low, floats.Slice(4 * i, 2));
            Widen(high, floats.Slice((4 * i) + 2, 2));
        }

        for (var i = bytes.Length * Vector<byte>.Count; i < source.Length; i++)
            target[i] = (source[i] - mean) * factor;

        void Widen(Vector<ushort> shorts, Span<Vector<float>> pair)
        {
            Vector.Widen(shorts, out var low, out var high);
            pair[0] = (Vector.ConvertToSingle(Vector.AsVectorInt32(low)) - new Vector<float>(mean)) * factor;
            pair[1] = (Vector.ConvertToSingle(Vector.AsVectorInt32(high)) - new Vector<float>(mean)) * factor;
        }
    }
}

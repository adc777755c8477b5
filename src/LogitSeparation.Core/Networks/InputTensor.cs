using System.Numerics;
using System.Runtime.InteropServices;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>
/// Makes network inputs of the numbers of examples, on the device that these are on: (number - mean) / deviation, as float32. An
/// input is a row of numbers, whatever the examples' shape: networks that need channels, height and width view it as such.
/// </summary>
internal static class InputTensor
{
    /// <summary>The inputs of examples in ordinary memory.</summary>
    /// <param name="raw">n x length numbers as they lie in memory.</param>
    /// <param name="type">What they are.</param>
    /// <param name="length">The numbers of one example.</param>
    /// <param name="scaling">The data set's scaling.</param>
    /// <param name="device">Where the inputs shall be.</param>
    /// <returns>n x length, float32.</returns>
    public static torch.Tensor FromMemory(ReadOnlySpan<byte> raw, ExampleType type, int length, PixelScaling scaling, torch.Device device)
    {
        var table = Table(raw, type, length);
        return Scale(device.type == DeviceType.CPU ? table : table.to(device), scaling);
    }

    /// <summary>Numbers as a table of their own type on the CPU.</summary>
    /// <param name="raw">n x length numbers as they lie in memory.</param>
    /// <param name="type">What they are.</param>
    /// <param name="length">The numbers of one example.</param>
    public static torch.Tensor Table(ReadOnlySpan<byte> raw, ExampleType type, int length)
    {
        var (size, scalarType) = type == ExampleType.Byte ? (1, torch.uint8) : (sizeof(float), torch.float32);
        var table = torch.empty([raw.Length / size / length, length], scalarType);
        raw.CopyTo(table.bytes);
        return table;
    }

    /// <summary>The inputs of all rows.</summary>
    /// <param name="numbers">n x length, uint8 or float32.</param>
    /// <param name="scaling">The data set's scaling.</param>
    /// <returns>n x length.</returns>
    public static torch.Tensor Scale(torch.Tensor numbers, PixelScaling scaling)
    {
        if (scaling.Mean.Count == 1)
            return Widen(numbers).SubtractInPlace(scaling.Mean[0]).MultiplyInPlace(1 / scaling.Deviation[0]);

        var (n, runs) = (numbers.shape[0], scaling.Mean.Count);
        var inputs = Widen(numbers).view(n, runs, -1);
        inputs.AddInPlace(Column(scaling.Mean.Select(mean => (float)-mean)));
        inputs.mul_(Column(scaling.Deviation.Select(deviation => (float)(1 / deviation))));
        return inputs.view(n, -1);

        torch.Tensor Column(IEnumerable<float> values) => torch.tensor(values.ToArray(), 1, runs, 1, device: numbers.device);
    }

    /// <summary>The inputs of some rows, picked, widened and scaled in one go. On the CPU only.</summary>
    /// <param name="bytes">n x length, uint8.</param>
    /// <param name="rows">m row numbers, int64.</param>
    /// <param name="scaling">The data set's scaling.</param>
    /// <param name="target">Out: m x length, float32.</param>
    public static void Pick(torch.Tensor bytes, torch.Tensor rows, PixelScaling scaling, torch.Tensor target)
    {
        var length = (int)bytes.shape[1];
        var run = length / scaling.Mean.Count;
        var values = MemoryMarshal.Cast<byte, float>(target.bytes);
        var source = bytes.bytes;
        var numbers = MemoryMarshal.Cast<byte, long>(rows.bytes);
        for (var r = 0; r < scaling.Mean.Count; r++)
        {
            var (mean, factor) = ((float)scaling.Mean[r], (float)(1 / scaling.Deviation[r]));
            for (var i = 0; i < numbers.Length; i++)
                Scale(source.Slice(checked((int)((numbers[i] * length) + (r * run))), run), values.Slice((i * length) + (r * run), run), mean, factor);
        }
    }

    // A copy in any case, as what comes in is not to be changed.
    private static torch.Tensor Widen(torch.Tensor numbers) => numbers.dtype == torch.float32 ? numbers.clone() : numbers.to(torch.float32);

    private static void Scale(ReadOnlySpan<byte> source, Span<float> target, float mean, float factor)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(target.Length, source.Length);
        ref var bytes = ref MemoryMarshal.GetReference(source);
        ref var floats = ref MemoryMarshal.GetReference(target);
        var (means, factors) = (new Vector<float>(mean), new Vector<float>(factor));
        var i = 0;
        for (; i <= source.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(Vector.LoadUnsafe(ref bytes, (nuint)i), out var low, out var high);
            Vector.Widen(low, out var first, out var second);
            Vector.Widen(high, out var third, out var fourth);
            ((Vector.ConvertToSingle(Vector.AsVectorInt32(first)) - means) * factors).StoreUnsafe(ref floats, (nuint)i);
            ((Vector.ConvertToSingle(Vector.AsVectorInt32(second)) - means) * factors).StoreUnsafe(ref floats, (nuint)(i + Vector<float>.Count));
            ((Vector.ConvertToSingle(Vector.AsVectorInt32(third)) - means) * factors).StoreUnsafe(ref floats, (nuint)(i + (2 * Vector<float>.Count)));
            ((Vector.ConvertToSingle(Vector.AsVectorInt32(fourth)) - means) * factors).StoreUnsafe(ref floats, (nuint)(i + (3 * Vector<float>.Count)));
        }

        for (; i < source.Length; i++)
            target[i] = (source[i] - mean) * factor;
    }
}

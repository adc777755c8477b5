using System.Runtime.CompilerServices;

namespace LogitSeparation.Core.Evaluation;

/// <summary>Consecutive rows of a table.</summary>
/// <param name="FirstRow">The first row's index.</param>
/// <param name="RowCount">The number of rows.</param>
/// <param name="Values">The rows, one after the other; valid until the next block is asked for.</param>
internal readonly record struct RowBlock<T>(int FirstRow, int RowCount, ReadOnlyMemory<T> Values);

/// <summary>Passes over tables block by block: slices of a table in memory, or rows read into one buffer.</summary>
internal static class RowBlocks
{
    /// <summary>One pass over all rows.</summary>
    /// <param name="logits">The table.</param>
    /// <param name="blockLength">The number of logits of a block, about; a block has at least one row.</param>
    /// <typeparam name="T">double, or float where the table is float32.</typeparam>
    public static IEnumerable<RowBlock<T>> Of<T>(Logits logits, int blockLength)
        where T : unmanaged
    {
        var k = logits.ClassCount;
        if (logits.Count == 0 || k == 0)
            yield break;
        var rows = (int)Math.Clamp(blockLength / (long)k, 1, logits.Count);
        var whole = InMemory<T>(logits);
        using var reader = whole.IsEmpty ? logits.Open() : null;
        var buffer = whole.IsEmpty ? new T[checked(rows * k)] : [];
        for (var first = 0; first < logits.Count; first += rows)
        {
            var count = Math.Min(rows, logits.Count - first);
            if (reader is null)
            {
                yield return new RowBlock<T>(first, count, whole.Slice(first * k, count * k));
                continue;
            }

            Read(reader, first, buffer, count * k);
            yield return new RowBlock<T>(first, count, buffer.AsMemory(0, count * k));
        }
    }

    private static ReadOnlyMemory<T> InMemory<T>(Logits logits)
        where T : unmanaged
    {
        if (logits is not MemoryLogits table)
            return default;
        if (typeof(T) == typeof(float))
        {
            var single = table.SingleLogits;
            return Unsafe.As<ReadOnlyMemory<float>, ReadOnlyMemory<T>>(ref single);
        }

        var wide = table.DoubleLogits;
        return Unsafe.As<ReadOnlyMemory<double>, ReadOnlyMemory<T>>(ref wide);
    }

    private static void Read<T>(LogitReader reader, int first, T[] buffer, int length)
    {
        switch (buffer)
        {
            case float[] single: reader.Read(first, single.AsSpan(0, length)); break;
            case double[] wide: reader.Read(first, wide.AsSpan(0, length)); break;
        }
    }
}

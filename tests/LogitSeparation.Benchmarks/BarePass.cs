using System.Numerics.Tensors;

namespace LogitSeparation.Benchmarks;

/// <summary>A parallel pass over memory that does no more than read it: what a measure of a table is held against.</summary>
internal static class BarePass
{
    private const int Part = 1 << 16;

    /// <summary>Reads all values.</summary>
    public static void Over(ReadOnlyMemory<float> values) =>
        Parallel.For(0, (values.Length + Part - 1) / Part, part =>
        {
            var sum = TensorPrimitives.Sum(values.Span.Slice(part * Part, Math.Min(Part, values.Length - part * Part)));
            GC.KeepAlive(sum);
        });
}

using System.Globalization;
using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.Benchmarks;

/// <summary>
/// A table whose rows are computed when read, the same at every pass: bell-shaped false logits around 0 and true ones around a
/// shift, which stands for how well the network is trained.
/// </summary>
internal sealed class GeneratedLogits(int n, int k, float shift) : Logits
{
    /// <summary>Scales the sum of four numbers of 16 bits to a standard deviation of 1.</summary>
    private const float Scale = 1 / 37837f;

    private readonly int[] _labels = [.. Enumerable.Range(0, n).Select(i => (int)(Mix((ulong)i) % (ulong)k))];

    public override ReadOnlyMemory<int> Labels => _labels;

    public override IReadOnlyList<string> ClassNames { get; } =
        [.. Enumerable.Range(0, k).Select(j => j.ToString(CultureInfo.InvariantCulture))];

    public override bool IsDouble => false;

    public override LogitReader Open() => new Reader(this);

    public MemoryLogits ToMemory()
    {
        var values = new float[n * k];
        using var reader = Open();
        reader.Read(0, values);
        return new(values, _labels, ClassNames);
    }

    private static ulong Mix(ulong x)
    {
        x = (x + 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9;
        return (x ^ (x >> 29)) * 0x94D049BB133111EB;
    }

    private void Fill(int row, Span<float> z)
    {
        var state = Mix((ulong)row) | 1;
        for (var j = 0; j < z.Length; j++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            var sum = (int)(state & 0xFFFF) + (int)((state >> 16) & 0xFFFF) + (int)((state >> 32) & 0xFFFF) + (int)(state >> 48);
            z[j] = (sum - 131070) * Scale;
        }

        z[_labels[row]] += shift;
    }

    private sealed class Reader(GeneratedLogits table) : LogitReader
    {
        private float[] _buffer = [];

        public override void Read(int firstRow, Span<float> destination)
        {
            var k = table.ClassCount;
            var rows = destination.Length / k;
            if (_buffer.Length < destination.Length)
                _buffer = new float[destination.Length];
            Parallel.For(0, rows, row => table.Fill(firstRow + row, _buffer.AsSpan(row * k, k)));
            _buffer.AsSpan(0, destination.Length).CopyTo(destination);
        }

        public override void Read(int firstRow, Span<double> destination) => throw new InvalidOperationException("The table is float32.");
    }
}

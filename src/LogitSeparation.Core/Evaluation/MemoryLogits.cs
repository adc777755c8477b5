namespace LogitSeparation.Core.Evaluation;

/// <summary>A table of logits in memory, float32 or float64, row after row.</summary>
public sealed class MemoryLogits : Logits
{
    private readonly float[]? _single;
    private readonly double[]? _double;
    private readonly int[] _labels;

    /// <summary>Creates a float32 table.</summary>
    /// <param name="logits">n x k logits, row after row.</param>
    /// <param name="labels">n class indices, each 0 … k-1.</param>
    /// <param name="classNames">k names.</param>
    public MemoryLogits(float[] logits, int[] labels, IReadOnlyList<string> classNames)
        : this(labels, classNames, logits?.LongLength ?? 0) => _single = logits;

    /// <summary>Creates a float64 table.</summary>
    /// <param name="logits">n x k logits, row after row.</param>
    /// <param name="labels">n class indices, each 0 … k-1.</param>
    /// <param name="classNames">k names.</param>
    public MemoryLogits(double[] logits, int[] labels, IReadOnlyList<string> classNames)
        : this(labels, classNames, logits?.LongLength ?? 0) => _double = logits;

    /// <summary>A table from a file.</summary>
    /// <param name="logits">n x k logits, float32 or float64, row after row.</param>
    /// <param name="labels">n class indices, each 0 … k-1.</param>
    /// <param name="classNames">k names.</param>
    /// <param name="origin">Where it comes from.</param>
    internal MemoryLogits(Array logits, int[] labels, IReadOnlyList<string> classNames, LogitsOrigin origin)
        : base(origin)
    {
        Check(labels, classNames, logits.LongLength);
        (_single, _double, _labels, ClassNames) = (logits as float[], logits as double[], labels, classNames);
    }

    private MemoryLogits(int[] labels, IReadOnlyList<string> classNames, long length)
    {
        Check(labels, classNames, length);
        (_labels, ClassNames) = (labels, classNames);
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<int> Labels => _labels;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public override bool IsDouble => _double is not null;

    /// <summary>All logits of a float32 table; empty for a float64 one.</summary>
    public ReadOnlyMemory<float> SingleLogits => _single;

    /// <summary>All logits of a float64 table; empty for a float32 one.</summary>
    public ReadOnlyMemory<double> DoubleLogits => _double;

    /// <inheritdoc/>
    public override LogitReader Open() => new Reader(this);

    private static void Check(int[] labels, IReadOnlyList<string> classNames, long length)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classNames);
        var k = classNames.Count;
        if ((long)labels.Length * k != length)
        {
            throw new SlcException("LogitCountMismatch", SlcErrorKind.InvalidData,
                $"{labels.Length} labels and {k} classes need {(long)labels.Length * k} logits, but there are {length}.");
        }

        var wrong = Array.FindIndex(labels, label => (uint)label >= (uint)k);
        if (wrong >= 0)
        {
            throw LogitErrors.LabelOutOfRange(labels[wrong], wrong, k);
        }
    }

    private sealed class Reader(MemoryLogits table) : LogitReader
    {
        public override void Read(int firstRow, Span<float> destination)
        {
            if (table._single is null)
                throw new InvalidOperationException("A float64 table cannot be read as float32 without losing bits.");
            table._single.AsSpan(checked(firstRow * table.ClassCount), destination.Length).CopyTo(destination);
        }

        public override void Read(int firstRow, Span<double> destination)
        {
            var start = checked(firstRow * table.ClassCount);
            if (table._double is not null)
            {
                table._double.AsSpan(start, destination.Length).CopyTo(destination);
                return;
            }

            var source = table._single.AsSpan(start, destination.Length);
            for (var i = 0; i < source.Length; i++)
                destination[i] = source[i];
        }
    }
}

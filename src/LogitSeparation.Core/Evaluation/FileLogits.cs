namespace LogitSeparation.Core.Evaluation;

/// <summary>Where a table's elements lie in a file, row after row, little-endian.</summary>
/// <param name="Path">The file.</param>
/// <param name="Offset">The first element's byte.</param>
/// <param name="IsDouble">Whether elements are float64; float32 otherwise.</param>
/// <param name="FileLength">The file's length when it was opened.</param>
internal sealed record FileElements(string Path, long Offset, bool IsDouble, long FileLength);

/// <summary>
/// A table of logits that stays in its file: blocks of rows are read at every pass, so n x k may exceed the memory. Reading, not
/// mapping: where the file is cut short meanwhile, a read is an error that can be told, and a mapping ends the process.
/// </summary>
internal sealed class FileLogits : Logits
{
    private readonly FileElements _elements;
    private readonly int[] _labels;

    /// <summary>Describes the table; the file's layout has been checked.</summary>
    /// <param name="elements">Where its elements lie.</param>
    /// <param name="labels">n class indices, each 0 … k-1.</param>
    /// <param name="classNames">k names.</param>
    /// <param name="origin">Where the table comes from.</param>
    public FileLogits(FileElements elements, int[] labels, IReadOnlyList<string> classNames, LogitsOrigin origin)
        : base(origin) => (_elements, _labels, ClassNames) = (elements, labels, classNames);

    /// <inheritdoc/>
    public override ReadOnlyMemory<int> Labels => _labels;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public override bool IsDouble => _elements.IsDouble;

    /// <inheritdoc/>
    public override LogitReader Open() => new FileLogitReader(_elements, ClassCount);
}

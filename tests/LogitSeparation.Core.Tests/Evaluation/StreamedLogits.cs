using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.Core.Tests.Evaluation;

/// <summary>A table that is no <see cref="MemoryLogits"/>: it can only be read through its reader, as a file's or a model's can.</summary>
internal sealed class StreamedLogits(MemoryLogits inner) : Logits
{
    public override ReadOnlyMemory<int> Labels => inner.Labels;

    public override IReadOnlyList<string> ClassNames => inner.ClassNames;

    public override bool IsDouble => inner.IsDouble;

    /// <summary>How often the table was opened.</summary>
    public int PassCount { get; private set; }

    public override LogitReader Open()
    {
        PassCount++;
        return inner.Open();
    }
}

using LogitSeparation.Core.Data;

namespace LogitSeparation.Core.Tests.Training;

/// <summary>Examples that are in memory and still cannot be read.</summary>
internal sealed class UnreadableExamples() : ExampleStore(4, new int[10])
{
    public override ExampleType Type => ExampleType.Byte;

    public override bool IsInMemory => true;

    public override void Read(int row, Span<byte> destination) => throw new SlcException("FileUnreadable", SlcErrorKind.InvalidData, "No.");
}

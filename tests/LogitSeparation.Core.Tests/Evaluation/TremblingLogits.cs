using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.Core.Tests.Evaluation;

/// <summary>A table whose every second pass gives the next number above each logit, as a model on another thread count might.</summary>
internal sealed class TremblingLogits(MemoryLogits inner) : Logits
{
    private int _passes;

    public override ReadOnlyMemory<int> Labels => inner.Labels;

    public override IReadOnlyList<string> ClassNames => inner.ClassNames;

    public override bool IsDouble => true;

    public override LogitReader Open() => new Reader(inner.Open(), _passes++ % 2 == 1);

    private sealed class Reader(LogitReader inner, bool moves) : LogitReader
    {
        public override void Read(int firstRow, Span<float> destination) => throw new InvalidOperationException("The table is float64.");

        public override void Read(int firstRow, Span<double> destination)
        {
            inner.Read(firstRow, destination);
            for (var i = 0; moves && i < destination.Length; i++)
                destination[i] = Math.BitIncrement(destination[i]);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}

using LogitSeparation.Core.Data;

namespace LogitSeparation.Core.Tests.Training;

/// <summary>Examples that are not in memory: what each holds follows from its row, and in training from the seed too.</summary>
internal sealed class GeneratedExamples(int count, int length, Action<int>? reading = null) : ExampleStore(length, new int[count])
{
    public override ExampleType Type => ExampleType.Byte;

    public override bool IsInMemory => false;

    public static byte ValueOf(int row, ulong seed, int position) => unchecked((byte)SplitMix64.Mix((ulong)((row * 1000) + position) ^ seed));

    public override void Read(int row, Span<byte> destination) => ReadForTraining(row, 0, destination);

    public override void ReadForTraining(int row, ulong seed, Span<byte> destination)
    {
        reading?.Invoke(row);
        for (var i = 0; i < destination.Length; i++)
            destination[i] = ValueOf(row, seed, i);
    }
}

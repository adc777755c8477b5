using LogitSeparation.Core.Data;

namespace LogitSeparation.Core.Inference;

/// <summary>Some examples of a source, as a network's inputs are made of them.</summary>
/// <param name="Raw">Their numbers, example after example; valid until the next block is taken.</param>
/// <param name="Type">What the numbers are.</param>
/// <param name="Names">Which examples they are.</param>
internal readonly record struct ExampleBlock(ReadOnlyMemory<byte> Raw, ExampleType Type, IReadOnlyList<ExampleName> Names)
{
    /// <summary>The number of examples.</summary>
    public int Count => Names.Count;
}

namespace LogitSeparation.Core.Networks;

/// <summary>One named array of a model's weights, in row-major order.</summary>
/// <param name="Shape">The sizes.</param>
/// <param name="Values">The values; their number is the product of the sizes.</param>
public sealed record Weight(IReadOnlyList<int> Shape, ReadOnlyMemory<float> Values);

namespace LogitSeparation.Core.Networks;

/// <summary>What is needed to build a network anew: its kind and its sizes. Plain values, as they stand in a saved model.</summary>
/// <param name="Name">The kind of network, e.g. <c>MLP</c>.</param>
/// <param name="InputShape">The shape of one example.</param>
/// <param name="HiddenUnit">The number of units of each hidden layer.</param>
/// <param name="ClassCount">The number of classes, k: rows of the head.</param>
public sealed record NetworkSpec(string Name, IReadOnlyList<int> InputShape, IReadOnlyList<int> HiddenUnit, int ClassCount)
{
    /// <summary>The number of inputs of an example.</summary>
    public int InputLength => InputShape.Aggregate(1, (product, size) => checked(product * size));
}

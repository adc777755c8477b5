using System.Text.Json.Serialization;
using LogitSeparation.Core.Runtime;

namespace LogitSeparation.Core.Networks;

/// <summary>What is needed to build a network anew: its kind and its sizes. Plain values, as they stand in a saved model.</summary>
/// <param name="Name">The kind of network, e.g. <c>MLP</c>.</param>
/// <param name="InputShape">The shape of one example.</param>
/// <param name="HiddenUnit">The number of units of each hidden layer.</param>
/// <param name="ClassCount">The number of classes, k: rows of the head.</param>
public sealed record NetworkSpec(string Name, IReadOnlyList<int> InputShape, IReadOnlyList<int> HiddenUnit, int ClassCount)
{
    private const int LargestSize = 1 << 20;
    private const int LargestInput = 1 << 26;

    /// <summary>The user's own code that the trunk comes from; null for a network of this module.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AssemblyIdentity? Assembly { get; init; }

    /// <summary>The number of inputs of an example.</summary>
    public int InputLength => InputShape.Aggregate(1, (product, size) => checked(product * size));

    /// <summary>Refuses shapes that no network can be computed with; with any other, no layer of a network has 2^31 features.</summary>
    /// <param name="inputShape">The shape of one example.</param>
    /// <exception cref="SlcException"><c>InvalidInputShape</c>.</exception>
    internal static void CheckInputShape(IReadOnlyList<int> inputShape)
    {
        if (inputShape.Count > 0 && inputShape.All(size => size is >= 1 and <= LargestSize)
            && inputShape.Aggregate(1.0, (product, size) => product * size) <= LargestInput)
        {
            return;
        }

        throw new SlcException("InvalidInputShape", SlcErrorKind.InvalidArgument, FormattableString.Invariant(
            $"The shape of an example is {string.Join(" x ", inputShape)}, but must be one size or more, each from 1 to {LargestSize:N0}, ") +
            FormattableString.Invariant($"and {LargestInput:N0} numbers in all at most. Use smaller examples."), "InputShape");
    }
}

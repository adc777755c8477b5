namespace LogitSeparation.Core.Networks;

/// <summary>What a user should know of a network.</summary>
/// <param name="Name">The name to ask for it by.</param>
/// <param name="Source">Where it is defined.</param>
/// <param name="InputShape">The shape of one example that the numbers hold for.</param>
/// <param name="ClassCount">The number of classes, k, that they hold for.</param>
/// <param name="Layer">The layers in order; the last is the head.</param>
public sealed record NetworkInfo(string Name, string Source, IReadOnlyList<int> InputShape, int ClassCount, IReadOnlyList<NetworkLayer> Layer)
{
    /// <summary>The number of trained parameters.</summary>
    public long ParameterCount => Layer.Sum(layer => layer.ParameterCount);

    /// <summary>The multiplications with an addition that the weights take for all logits of one example.</summary>
    public long MultiplyAddCount => Layer.Sum(layer => layer.MultiplyAddCount);

    /// <summary>The multiplications with an addition that the weights take for one logit of one example: all of the trunk and one row of the head.</summary>
    public long SingleLogitMultiplyAddCount => MultiplyAddCount - Layer[^1].MultiplyAddCount + (Layer[^1].MultiplyAddCount / ClassCount);
}

namespace LogitSeparation.Core.Networks;

/// <summary>One layer of a network, as a user may want to see it.</summary>
/// <param name="Name">Its name; what of it is trained begins with this name in a saved model.</param>
/// <param name="Kind">What it does, e.g. <c>5 x 5 conv, batch norm, ReLU</c>; in Inception-v3 every convolution has the latter two.</param>
/// <param name="OutputShape">The shape that one example has after it.</param>
/// <param name="ParameterCount">The number of trained parameters.</param>
/// <param name="MultiplyAddCount">The multiplications with an addition that its weights take for one example.</param>
public sealed record NetworkLayer(
    string Name, string Kind, IReadOnlyList<int> OutputShape, long ParameterCount, long MultiplyAddCount);

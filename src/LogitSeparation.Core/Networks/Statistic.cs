using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>An array that training keeps up but does not train, such as the running mean of a batch normalisation.</summary>
/// <param name="name">Its name in a saved model.</param>
/// <param name="initial">The value that every entry starts from.</param>
/// <param name="shape">Its sizes.</param>
internal sealed class Statistic(string name, double initial, int[] shape) : IDisposable
{
    public string Name { get; } = name;

    public IReadOnlyList<int> Shape { get; } = shape;

    public torch.Tensor Value { get; private set; } = null!;

    /// <summary>Takes memory.</summary>
    public void Allocate(torch.Device device, torch.ScalarType type) =>
        Value = TensorArithmetic.Filled(Array.ConvertAll(shape, size => (long)size), initial, type, device).DetachFromDisposeScope();

    public void Dispose() => Value?.Dispose();
}

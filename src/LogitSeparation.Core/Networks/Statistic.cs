using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>An array that training keeps up but does not train, such as the running mean of a batch normalisation.</summary>
/// <param name="name">Its name in a saved model.</param>
/// <param name="initial">The value that every entry starts from.</param>
/// <param name="shape">Its sizes.</param>
/// <param name="values">The values that the entries start from where they are not the same, row after row.</param>
internal sealed class Statistic(string name, double initial, int[] shape, float[]? values = null) : IDisposable
{
    public string Name { get; } = name;

    public IReadOnlyList<int> Shape { get; } = shape;

    public torch.Tensor Value { get; private set; } = null!;

    /// <summary>Takes memory.</summary>
    public void Allocate(torch.Device device, torch.ScalarType type)
    {
        var sizes = Array.ConvertAll(shape, size => (long)size);
        Value = (values is null ? TensorArithmetic.Filled(sizes, initial, type, device) : torch.tensor(values, sizes, type, device)).DetachFromDisposeScope();
    }

    public void Dispose() => Value?.Dispose();
}

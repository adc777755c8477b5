using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>One trained array: a view of the flat values, and one of the flat gradients.</summary>
/// <param name="name">Its name in a saved model.</param>
/// <param name="initial">Makes its initial values, row after row; called when memory is taken, not before.</param>
/// <param name="shape">Its sizes.</param>
internal sealed class Parameter(string name, Func<float[]> initial, int[] shape) : IDisposable
{
    public string Name { get; } = name;

    public IReadOnlyList<int> Shape { get; } = shape;

    public torch.Tensor Value { get; private set; } = null!;

    public torch.Tensor Gradient { get; private set; } = null!;

    public float[] CreateInitial() => initial();

    /// <summary>Takes views of the flat tensors at an offset.</summary>
    /// <returns>The number of values.</returns>
    public long Attach(torch.Tensor values, torch.Tensor gradients, long offset)
    {
        var sizes = Array.ConvertAll(shape, size => (long)size);
        var length = sizes.Aggregate(1L, (product, size) => product * size);
        Value = values.narrow(0, offset, length).view(sizes).DetachFromDisposeScope();
        Gradient = gradients.narrow(0, offset, length).view(sizes).DetachFromDisposeScope();
        return length;
    }

    public void Dispose()
    {
        Value?.Dispose();
        Gradient?.Dispose();
    }
}

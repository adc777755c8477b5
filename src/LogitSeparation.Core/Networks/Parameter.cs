using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>One trained array: a view of the flat values, and one of the flat gradients.</summary>
/// <param name="name">Its name in a saved model.</param>
/// <param name="initial">Makes its initial values, row after row; called when memory is taken, not before.</param>
/// <param name="decays">Whether weight decay applies to it.</param>
/// <param name="shape">Its sizes.</param>
internal sealed class Parameter(string name, Func<float[]> initial, bool decays, int[] shape) : IDisposable
{
    public string Name { get; } = name;

    public IReadOnlyList<int> Shape { get; } = shape;

    public bool Decays => decays;

    public torch.Tensor Value { get; private set; } = null!;

    public torch.Tensor Gradient { get; private set; } = null!;

    /// <summary>The number of values.</summary>
    public long Length { get; } = shape.Aggregate(1L, (product, size) => product * size);

    public float[] CreateInitial() => initial();

    /// <summary>Takes views of the flat tensors at an offset; of gradients only where there are any.</summary>
    public void Attach(torch.Tensor values, torch.Tensor? gradients, long offset)
    {
        var sizes = Array.ConvertAll(shape, size => (long)size);
        Value = values.narrow(0, offset, Length).view(sizes).DetachFromDisposeScope();
        if (gradients is not null)
            Gradient = gradients.narrow(0, offset, Length).view(sizes).DetachFromDisposeScope();
    }

    public void Dispose()
    {
        Value?.Dispose();
        Gradient?.Dispose();
    }
}

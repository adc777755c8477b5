using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>One trained array: a view of the flat values, and one of the flat gradients.</summary>
internal sealed class Parameter(string name, float[] initial, long[] shape) : IDisposable
{
    public string Name { get; } = name;

    public float[] Initial { get; } = initial;

    public long[] Shape { get; } = shape;

    public torch.Tensor Value { get; private set; } = null!;

    public torch.Tensor Gradient { get; private set; } = null!;

    /// <summary>Takes views of the flat tensors at an offset.</summary>
    /// <returns>The number of values.</returns>
    public long Attach(torch.Tensor values, torch.Tensor gradients, long offset)
    {
        Value = values.narrow(0, offset, Initial.Length).view(Shape).DetachFromDisposeScope();
        Gradient = gradients.narrow(0, offset, Initial.Length).view(Shape).DetachFromDisposeScope();
        return Initial.Length;
    }

    public void Dispose()
    {
        Value?.Dispose();
        Gradient?.Dispose();
    }
}

using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>One number for each class, kept on the device in the type of the logits that it was last asked for.</summary>
/// <param name="values">k numbers, or a single one where all classes are alike.</param>
internal sealed class ClassTable(double[] values) : IDisposable
{
    private torch.Tensor? _tensor;

    /// <summary>The numbers in float32: k, or a single one.</summary>
    public float[] Values { get; } = Array.ConvertAll(values, value => (float)value);

    /// <summary>The number of a class.</summary>
    public double this[int index] => values[values.Length == 1 ? 0 : index];

    /// <summary>The numbers as a row that broadcasts over m x k logits.</summary>
    public torch.Tensor Like(torch.Tensor logits)
    {
        if (_tensor is null || _tensor.dtype != logits.dtype || _tensor.device_type != logits.device_type || _tensor.device_index != logits.device_index)
        {
            _tensor?.Dispose();
            _tensor = torch.tensor(values, dtype: logits.dtype, device: logits.device).DetachFromDisposeScope();
        }

        return _tensor;
    }

    /// <inheritdoc/>
    public void Dispose() => _tensor?.Dispose();
}

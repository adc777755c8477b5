using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>
/// All trained parameters of a network in one flat tensor, and beside it one of the same size that gradients are gathered
/// in, so that an optimizer step is a handful of operations whatever the number of layers. Layers hold views.
/// </summary>
/// <param name="products">How layers are to multiply with the parameters in training; null for nothing rounded.</param>
internal sealed class ParameterBuffer(ProductArithmetic? products = null) : IDisposable
{
    private readonly List<Parameter> _parameters = [];

    /// <summary>How layers multiply with the parameters in training.</summary>
    public ProductArithmetic Products { get; } = products ?? ProductArithmetic.Exact;

    /// <summary>All values, in one dimension. Null before <see cref="Allocate"/>.</summary>
    public torch.Tensor Values { get; private set; } = null!;

    /// <summary>
    /// What a backward pass leaves: beta times what was there plus the gradient. With beta = μ this is the momentum buffer of
    /// SGD, so that no pass over the parameters is spent on keeping the two apart.
    /// </summary>
    public torch.Tensor Gradient { get; private set; } = null!;

    /// <summary>The parameters in the order of their making.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>The values and gradients that an optimizer step goes through: all, but for what <see cref="StepApart"/> took out.</summary>
    public IReadOnlyList<(torch.Tensor Values, torch.Tensor Gradient)> Stepped { get; private set; } = [];

    /// <summary>Makes room for a parameter.</summary>
    /// <param name="name">Its name in a saved model.</param>
    /// <param name="initial">Makes its initial values, row after row.</param>
    /// <param name="shape">Its sizes.</param>
    public Parameter Add(string name, Func<float[]> initial, params int[] shape) => Add(name, initial, decays: true, shape);

    /// <summary>Makes room for a parameter; those without weight decay come last.</summary>
    /// <param name="name">Its name in a saved model.</param>
    /// <param name="initial">Makes its initial values, row after row.</param>
    /// <param name="decays">Whether weight decay applies to it.</param>
    /// <param name="shape">Its sizes.</param>
    public Parameter Add(string name, Func<float[]> initial, bool decays, int[] shape)
    {
        if (decays && _parameters.Exists(known => !known.Decays))
            throw new InvalidOperationException($"'{name}' decays, and would come after one that does not.");
        var parameter = new Parameter(name, initial, decays, shape);
        _parameters.Add(parameter);
        return parameter;
    }

    /// <summary>Puts all parameters into memory of the device with given values, and makes no room for gradients.</summary>
    /// <param name="device">Where to.</param>
    /// <param name="values">The values of each parameter, row after row.</param>
    public void AllocateValues(torch.Device device, Func<Parameter, ReadOnlyMemory<float>> values)
    {
        using var scope = torch.NewDisposeScope();
        Values = torch.empty(_parameters.Sum(parameter => parameter.Length), device: device).DetachFromDisposeScope();
        var offset = 0L;
        foreach (var parameter in _parameters)
        {
            parameter.Attach(Values, null, offset);
            parameter.Value.copy_(torch.tensor(values(parameter).ToArray(), parameter.Value.shape));
            offset += parameter.Length;
        }
    }

    /// <summary>Puts all parameters into memory of the device and gives each its views. Called once, when all are added.</summary>
    /// <param name="device">Where to.</param>
    /// <param name="type">Float32, or float64 where gradients are to be checked.</param>
    public void Allocate(torch.Device device, torch.ScalarType type = torch.ScalarType.Float32)
    {
        using var scope = torch.NewDisposeScope();
        var length = _parameters.Sum(parameter => parameter.Length);
        Values = torch.empty(length, dtype: type, device: device).DetachFromDisposeScope();
        Gradient = torch.zeros(length, dtype: type, device: device).DetachFromDisposeScope();
        Stepped = [(Values, Gradient)];
        var offset = 0L;
        foreach (var parameter in _parameters)
        {
            parameter.Attach(Values, Gradient, offset);
            parameter.Value.copy_(torch.tensor(parameter.CreateInitial(), parameter.Value.shape));
            offset += parameter.Length;
        }
    }

    /// <summary>Takes neighbouring parameters out of what an optimizer steps: another steps them, row by row. Called once.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="length">The number of their values.</param>
    public void StepApart(Parameter first, long length)
    {
        if (_parameters.Exists(parameter => !parameter.Decays))
            throw new InvalidOperationException("All parameters have to decay where some are stepped apart.");
        var before = _parameters.TakeWhile(parameter => parameter != first).Sum(parameter => parameter.Length);
        var after = before + length;
        Stepped = [.. Parts((0, before), (after, Values.numel() - after))];
    }

    /// <summary>Adds the penalty λ/2 ‖w‖² on all values that decay, but those that are stepped apart, to the gathered gradient.</summary>
    /// <param name="weight">λ.</param>
    public void AddDecay(double weight)
    {
        var decaying = _parameters.Where(parameter => parameter.Decays).Sum(parameter => parameter.Length);
        if (decaying < Values.shape[0])
        {
            Gradient.narrow(0, 0, decaying).AddInPlace(Values.narrow(0, 0, decaying), weight);
            return;
        }

        foreach (var (values, gradient) in Stepped)
            gradient.AddInPlace(values, weight);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (values, gradient) in Stepped.Where(part => !ReferenceEquals(part.Values, Values)))
        {
            values.Dispose();
            gradient.Dispose();
        }

        foreach (var parameter in _parameters)
            parameter.Dispose();
        Values?.Dispose();
        Gradient?.Dispose();
    }

    private IEnumerable<(torch.Tensor Values, torch.Tensor Gradient)> Parts(params (long First, long Length)[] ranges) =>
        from range in ranges
        where range.Length > 0
        select (Values.narrow(0, range.First, range.Length).DetachFromDisposeScope(), Gradient.narrow(0, range.First, range.Length).DetachFromDisposeScope());
}

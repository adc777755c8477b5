using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>
/// All trained parameters of a network in one flat tensor, and beside it one of the same size that gradients are gathered
/// in, so that an optimizer step is a handful of operations whatever the number of layers. Layers hold views.
/// </summary>
internal sealed class ParameterBuffer : IDisposable
{
    private readonly List<Parameter> _parameters = [];

    /// <summary>All values, in one dimension. Null before <see cref="Allocate"/>.</summary>
    public torch.Tensor Values { get; private set; } = null!;

    /// <summary>
    /// What a backward pass leaves: beta times what was there plus the gradient. With beta = μ this is the momentum buffer of
    /// SGD, so that no pass over the parameters is spent on keeping the two apart.
    /// </summary>
    public torch.Tensor Gradient { get; private set; } = null!;

    /// <summary>The parameters in the order of their making.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

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
        var initial = _parameters.SelectMany(parameter => parameter.CreateInitial()).ToArray();
        Values = torch.tensor(initial, dtype: type, device: device).DetachFromDisposeScope();
        Gradient = torch.zeros(initial.Length, dtype: type, device: device).DetachFromDisposeScope();
        var offset = 0L;
        foreach (var parameter in _parameters)
        {
            parameter.Attach(Values, Gradient, offset);
            offset += parameter.Length;
        }
    }

    /// <summary>Adds the penalty λ/2 ‖w‖² on all values that decay to the gathered gradient.</summary>
    /// <param name="weight">λ.</param>
    public void AddDecay(double weight)
    {
        var decaying = _parameters.Where(parameter => parameter.Decays).Sum(parameter => parameter.Length);
        if (decaying == Values.shape[0])
            Gradient.AddInPlace(Values, weight);
        else
            Gradient.narrow(0, 0, decaying).AddInPlace(Values.narrow(0, 0, decaying), weight);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var parameter in _parameters)
            parameter.Dispose();
        Values?.Dispose();
        Gradient?.Dispose();
    }
}

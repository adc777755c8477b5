using System.Reflection;
using LogitSeparation.Core.Runtime;
using TorchSharp;
using Module = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// A loss from a user's own assembly: a public class that derives from TorchSharp's module of two tensors (m x k logits, m labels) to one
/// number. Its constructor takes the number of classes (<c>int</c> or <c>long</c>), or nothing. Its parameters train along. It must not draw
/// random numbers: a training that is resumed would draw others.
/// </summary>
internal sealed class ModuleLoss : GraphLoss
{
    private readonly string _name;
    private readonly Module _module;
    private readonly LossParameter[] _parameters;
    private readonly string[] _names;
    private torch.Tensor[]? _leaves;

    /// <summary>Makes the module.</summary>
    /// <param name="type">The class.</param>
    /// <param name="context">What it may need to know.</param>
    /// <exception cref="SlcException"><c>LossInvalid</c>, where the class cannot be made.</exception>
    public ModuleLoss(Type type, LossContext context)
        : base(type.Name)
    {
        TorchRuntime.EnsureLoaded();
        _name = type.Name;
        torch.manual_seed(unchecked((long)(StreamSeed.Derive(context.Seed, StreamSeed.Weights, 1) & long.MaxValue)));
        _module = Create(type, context.ClassCounts.Count);
        var tensors = _module.named_parameters().Where(item => item.parameter.requires_grad).ToArray();
        _names = Array.ConvertAll(tensors, item => item.name);
        _parameters = Array.ConvertAll(tensors, item => new LossParameter(
            item.name, Values(item.parameter), Array.ConvertAll(item.parameter.shape, size => checked((int)size))));
        foreach (var (_, tensor) in tensors)
            tensor.DetachFromDisposeScope();
    }

    /// <summary>The losses of an assembly.</summary>
    /// <exception cref="SlcException"><c>AssemblyNotLoaded</c>, <c>AssemblyInvalid</c>.</exception>
    public static Type[] Types(AssemblyIdentity assembly) => UserAssembly.Types(assembly, typeof(Module));

    /// <inheritdoc/>
    internal override IReadOnlyList<LossParameter> Parameters => _parameters;

    protected override torch.Tensor Compute(torch.Tensor logits, torch.Tensor labels) =>
        Guard(_name, "cannot be computed", () => _module.call(logits, labels));

    // In training the module computes with the memory of the flat buffer; else with the values that it began with, of the logits' type.
    protected override IReadOnlyList<torch.Tensor> Leaves(torch.Tensor logits)
    {
        if (_leaves is not null)
            return _leaves;
        using var noGrad = torch.no_grad();
        _module.to(logits.device, logits.dtype);
        var tensors = _module.named_parameters().ToDictionary(item => item.name, item => (torch.Tensor)item.parameter);
        _leaves = Array.ConvertAll(_names, name => tensors[name].DetachFromDisposeScope());
        for (var i = 0; i < _leaves.Length; i++)
        {
            if (_parameters[i].Trained is { } trained)
                _leaves[i].set_(trained);
            else
                _leaves[i].copy_(_parameters[i].Like(logits));
        }

        return _leaves;
    }

    protected override void Dispose(bool disposing)
    {
        _module.Dispose();
        base.Dispose(disposing);
    }

    private static Module Create(Type type, int classCount)
    {
        object[][] choices = [[classCount], [(long)classCount], []];
        foreach (var arguments in choices)
        {
            if (type.GetConstructor(Array.ConvertAll(arguments, argument => argument.GetType())) is { } constructor)
                return Guard(type.Name, "cannot be made", () => (Module)constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null));
        }

        throw Invalid(type.Name, "has no public constructor that takes the number of classes (int or long), or nothing");
    }

    // What a user's code throws is the user's to mend, so it is said, with its own words.
    private static T Guard<T>(string name, string what, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception failure) when (failure is not (SlcException or OutOfMemoryException or OperationCanceledException))
        {
            throw Invalid(name, $"{what}: {failure.Message.Split('\n')[0].TrimEnd('.')}", failure);
        }
    }

    private static double[] Values(torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return tensor.detach().to(torch.float64).cpu().contiguous().data<double>().ToArray();
    }
}

using System.Reflection;
using LogitSeparation.Core.Onnx;
using LogitSeparation.Core.Runtime;
using TorchSharp;
using Module = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace LogitSeparation.Core.Networks;

/// <summary>
/// A user's own trunk: a public class that derives from TorchSharp's module of one tensor to one tensor and makes m x d of m x (the
/// input's shape). Its constructor takes the shape of one example (<c>long[]</c> or <c>int[]</c>), or nothing. Its parameters become views
/// of the flat buffer, its buffers of floating-point numbers the statistics of a saved model. Random numbers are libtorch's, seeded anew
/// for each step, so that a training that is resumed ends with the same bits.
/// </summary>
internal sealed class ModuleTrunk : GraphTrunk
{
    private const string Kind = "TorchSharp.torch.nn.Module<Tensor, Tensor>";

    private readonly Module _module;
    private readonly long[] _inputShape;
    private readonly int _seed;
    private readonly Dictionary<Parameter, string> _parameters = [];
    private readonly Dictionary<Parameter, torch.Tensor> _leaves = [];
    private readonly Dictionary<Statistic, string> _statistics = [];
    private bool _isBound;

    /// <summary>Makes the module; its parameters are added to the buffer.</summary>
    /// <param name="spec">The class, and the shape of an example.</param>
    /// <param name="parameters">Where the parameters go.</param>
    /// <param name="seed">Decides the initial weights.</param>
    /// <exception cref="SlcException"><c>NetworkInvalid</c>, where the class cannot be made or does not give m x d.</exception>
    public ModuleTrunk(NetworkSpec spec, ParameterBuffer parameters, int seed)
    {
        TorchRuntime.EnsureLoaded();
        var type = FindType(spec.Assembly!, spec.Name);
        _seed = seed;
        _inputShape = [.. spec.InputShape.Select(size => (long)size)];
        Seed(StreamSeed.Weights, 0);
        _module = Create(type, spec.InputShape);
        try
        {
            FeatureCount = CountFeatures(type);
            Gather(parameters);
        }
        catch
        {
            _module.Dispose();
            throw;
        }

        Layers = new[] { new NetworkLayer("trunk", type.Name, new[] { FeatureCount }, _parameters.Keys.Sum(parameter => parameter.Length), 0) };
    }

    /// <inheritdoc/>
    public override int FeatureCount { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<NetworkLayer> Layers { get; }

    /// <inheritdoc/>
    public override IEnumerable<Statistic> Statistics => _statistics.Keys;

    /// <summary>The class of that name.</summary>
    /// <exception cref="SlcException">As <see cref="UserAssembly.FindType"/>.</exception>
    public static Type FindType(AssemblyIdentity assembly, string? name) => UserAssembly.FindType(assembly, name, typeof(Module), Kind);

    /// <summary>The names of the classes.</summary>
    /// <exception cref="SlcException">As <see cref="UserAssembly.Types"/>.</exception>
    public static IEnumerable<string> Names(AssemblyIdentity assembly) => UserAssembly.Types(assembly, typeof(Module)).Select(type => type.FullName!);

    /// <inheritdoc/>
    public override void Begin(long step) => Seed(StreamSeed.Module, step);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _module.Dispose();
        foreach (var statistic in _statistics.Keys)
            statistic.Dispose();
    }

    /// <inheritdoc/>
    public override string AddTo(OnnxGraph graph, string input) => throw new SlcException("OnnxNotSupported", SlcErrorKind.InvalidData,
        "The network is code of your own, which can do anything, so no ONNX graph can be made of it. Export its features with Export-SlcFeature, train a "
        + "head on them with -Network Linear, and export that.", "Network");

    /// <inheritdoc/>
    protected override torch.Tensor Leaf(Parameter parameter)
    {
        Bind();
        return _leaves[parameter];
    }

    /// <inheritdoc/>
    protected override torch.Tensor Compute(torch.Tensor input, bool training)
    {
        Bind();
        return Guard(_module.GetType(), training ? "compute a batch" : "compute features", () =>
        {
            _module.train(training);
            return _module.call(input.view([input.shape[0], .. _inputShape]));
        });
    }

    private static Module Create(Type type, IReadOnlyList<int> inputShape)
    {
        object[][] choices = [[inputShape.Select(size => (long)size).ToArray()], [inputShape.ToArray()], []];
        foreach (var arguments in choices)
        {
            if (type.GetConstructor(Array.ConvertAll(arguments, argument => argument.GetType())) is { } constructor)
                return Guard(type, "be made", () => (Module)constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null));
        }

        throw Invalid(type, "has no public constructor that takes the shape of one example (long[] or int[]), or nothing");
    }

    // What a user's code throws is the user's to mend, so it is said, with its own words.
    private static T Guard<T>(Type type, string what, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception failure) when (failure is not (SlcException or OperationCanceledException) && !TorchFailure.IsMemory(failure))
        {
            throw Invalid(type, $"cannot {what}: {failure.Message.Split('\n')[0].TrimEnd('.')}", failure);
        }
    }

    private static SlcException Invalid(Type type, string what, Exception? cause = null) => new(
        "NetworkInvalid", SlcErrorKind.InvalidData,
        $"The class {type.FullName} {what}. A trunk makes features, m x d, of m examples (Get-Help about_LogitSeparation).", type.FullName, cause);

    private int CountFeatures(Type type)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        _module.eval();
        var features = Guard(type, "compute two examples of zeros", () => _module.call(torch.zeros([2, .. _inputShape])));
        return features.dim() == 2 && features.shape[0] == 2 && features.shape[1] is > 0 and <= int.MaxValue && features.dtype == torch.float32
            ? (int)features.shape[1]
            : throw Invalid(type, $"makes {string.Join(" x ", features.shape)} {features.dtype} of two examples, not 2 x d Float32");
    }

    private void Gather(ParameterBuffer parameters)
    {
        foreach (var (name, tensor) in Tensors())
        {
            // The module outlives whatever scope it is made in.
            tensor.DetachFromDisposeScope();
            if (tensor.requires_grad)
                _parameters.Add(Track(parameters.Add($"trunk.{name}", () => Values(tensor), Sizes(tensor))), name);
            else
                _statistics.Add(new($"trunk.{name}", 0, Sizes(tensor), Values(tensor)), name);
        }
    }

    // What does not train is saved all the same; counters, which are integers, decide nothing.
    private IEnumerable<(string Name, torch.Tensor Tensor)> Tensors() =>
        _module.named_parameters().Select(item => (item.name, (torch.Tensor)item.parameter))
            .Concat(_module.named_buffers().Where(item => item.buffer.is_floating_point()));

    // The module computes with the memory of the parameters and statistics, wherever that lies by now.
    private void Bind()
    {
        if (_isBound)
            return;
        using var noGrad = torch.no_grad();
        var place = _parameters.Keys.Select(parameter => parameter.Value).Concat(_statistics.Keys.Select(statistic => statistic.Value)).FirstOrDefault();
        if (place is not null && (place.device_type != DeviceType.CPU || place.dtype != torch.float32))
            _module.to(place.device, place.dtype);
        var tensors = Tensors().ToDictionary(item => item.Name, item => item.Tensor);
        foreach (var (parameter, name) in _parameters)
        {
            tensors[name].set_(parameter.Value);
            _leaves.Add(parameter, tensors[name]);
        }

        foreach (var (statistic, name) in _statistics)
            tensors[name].set_(statistic.Value);
        _isBound = true;
    }

    private void Seed(int stream, long position) =>
        torch.manual_seed(unchecked((long)(StreamSeed.Derive(_seed, stream, position) & long.MaxValue)));

    private static int[] Sizes(torch.Tensor tensor) => Array.ConvertAll(tensor.shape, size => checked((int)size));

    private static float[] Values(torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return tensor.detach().to(torch.float32).cpu().contiguous().data<float>().ToArray();
    }
}

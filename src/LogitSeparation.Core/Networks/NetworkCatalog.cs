using LogitSeparation.Core.Runtime;

namespace LogitSeparation.Core.Networks;

/// <summary>The networks that can be trained, by name.</summary>
public static class NetworkCatalog
{
    /// <summary>
    /// The name that stands for the network of the paper for such examples: for colour pictures Inception-v3 where they are large
    /// enough for it, else the CNN; for all others the MLP.
    /// </summary>
    public const string Auto = "Auto";

    private const int LargestLayer = 1 << 20;
    private const long LargestNetwork = 1_000_000_000;

    private sealed record Entry(
        string Name, string Source, int[] HiddenUnit, int[] UsualInput, Func<IReadOnlyList<int>, bool> Fits, string Needs,
        Func<NetworkSpec, ParameterBuffer, int, Trunk> Create);

    private static readonly Entry[] Entries =
    [
        new("MLP", "section 6 (MNIST)", [500, 500], [28, 28], _ => true, "any examples",
            (spec, parameters, seed) => new MlpTrunk(spec, parameters, seed)),
        new("CNN", "section 6 (SVHN, CIFAR)", [1024], [3, 32, 32], CnnTrunk.Fits,
            "pictures (height x width, or channels x height x width)", (spec, parameters, seed) => new CnnTrunk(spec, parameters, seed)),
        new("InceptionV3", "section 6 (ImageNet)", [], [3, 299, 299], InceptionTrunk.Fits,
            $"pictures of channels x height x width, each side at least {InceptionTrunk.SmallestSide}",
            (spec, parameters, seed) => new InceptionTrunk(spec, parameters, seed)),
        new("Linear", "the head alone", [], [512], _ => true, "any examples",
            (spec, _, _) => new LinearTrunk(spec)),
    ];

    /// <summary>The names of the networks.</summary>
    public static IReadOnlyList<string> Names { get; } = Array.ConvertAll(Entries, entry => entry.Name);

    /// <summary>The network of that name for examples and classes of that number.</summary>
    /// <param name="name">E.g. <c>MLP</c>, whatever its case, or <see cref="Auto"/>.</param>
    /// <param name="inputShape">The shape of one example.</param>
    /// <param name="hiddenUnit">The number of units of each fully connected layer before the head; empty for the paper's.</param>
    /// <param name="classCount">The number of classes, k.</param>
    /// <param name="assembly">The user's own code that the trunk comes from; null for a network of this module.</param>
    /// <exception cref="SlcException">
    /// <c>UnknownNetwork</c>, <c>InvalidHiddenUnit</c>, <c>InvalidInputShape</c>, <c>NetworkInputMismatch</c>, <c>AssemblyNotLoaded</c>.
    /// </exception>
    public static NetworkSpec Describe(
        string name, IReadOnlyList<int> inputShape, IReadOnlyList<int> hiddenUnit, int classCount, AssemblyIdentity? assembly = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(inputShape);
        ArgumentNullException.ThrowIfNull(hiddenUnit);
        if (assembly is not null)
            return DescribeOwn(name, inputShape, hiddenUnit, classCount, assembly);
        var entry = Find(IsAuto(name) ? Usual(inputShape) : name);
        if (hiddenUnit.Any(units => units is < 1 or > LargestLayer))
        {
            throw new SlcException("InvalidHiddenUnit", SlcErrorKind.InvalidArgument,
                $"-HiddenUnit is {string.Join(',', hiddenUnit)}, but must be one number or more, each from 1 to {LargestLayer}.", "HiddenUnit");
        }

        if (entry.HiddenUnit.Length == 0 && hiddenUnit.Count > 0)
            throw TakesNoHiddenUnit(entry.Name, hiddenUnit);

        NetworkSpec.CheckInputShape(inputShape);
        if (!entry.Fits(inputShape))
        {
            throw new SlcException("NetworkInputMismatch", SlcErrorKind.InvalidArgument,
                $"The examples are {string.Join(" x ", inputShape)}, but the network {entry.Name} needs {entry.Needs}. " +
                "Use -Network MLP, which takes any.", "Network");
        }

        var spec = new NetworkSpec(entry.Name, inputShape, hiddenUnit.Count > 0 ? hiddenUnit : entry.HiddenUnit, classCount);
        var weights = Layers(spec).Sum(layer => layer.ParameterCount);
        return weights <= LargestNetwork ? spec : throw new SlcException("InvalidHiddenUnit", SlcErrorKind.InvalidArgument,
            $"-HiddenUnit {string.Join(',', spec.HiddenUnit)} makes a network of {weights:N0} parameters, but at most " +
            $"{LargestNetwork:N0} can be trained. Use fewer units.", "HiddenUnit");
    }

    /// <summary>Whether a network can be built for examples of a shape, with such layers.</summary>
    /// <param name="name">Its name, whatever its case.</param>
    /// <param name="inputShape">The shape of one example; empty for that of the paper's data sets.</param>
    /// <param name="hiddenUnit">The number of units of each fully connected layer before the head; empty for the paper's.</param>
    /// <exception cref="SlcException"><c>UnknownNetwork</c>.</exception>
    public static bool Takes(string name, IReadOnlyList<int> inputShape, IReadOnlyList<int> hiddenUnit)
    {
        ArgumentNullException.ThrowIfNull(inputShape);
        ArgumentNullException.ThrowIfNull(hiddenUnit);
        var entry = Find(name);
        return (inputShape.Count == 0 || entry.Fits(inputShape)) && (hiddenUnit.Count == 0 || entry.HiddenUnit.Length > 0);
    }

    /// <summary>What a user should know of a network.</summary>
    /// <param name="name">Its name, whatever its case, or <see cref="Auto"/>.</param>
    /// <param name="inputShape">The shape of one example; empty for that of the paper's data sets.</param>
    /// <param name="hiddenUnit">The number of units of each fully connected layer before the head; empty for the paper's.</param>
    /// <param name="classCount">The number of classes, k.</param>
    /// <param name="assembly">The user's own code that the trunk comes from; null for a network of this module.</param>
    /// <exception cref="SlcException">As <see cref="Describe"/>; and those of <see cref="ModuleTrunk"/>.</exception>
    public static NetworkInfo Inspect(
        string name, IReadOnlyList<int> inputShape, IReadOnlyList<int> hiddenUnit, int classCount, AssemblyIdentity? assembly = null)
    {
        ArgumentNullException.ThrowIfNull(inputShape);
        if (assembly is not null)
        {
            var own = Describe(name, inputShape, hiddenUnit, classCount, assembly);
            return new(own.Name, assembly.Name, own.InputShape, classCount, Layers(own));
        }

        var entry = Find(IsAuto(name) ? Usual(inputShape) : name);
        var spec = Describe(entry.Name, inputShape.Count > 0 ? inputShape : entry.UsualInput, hiddenUnit, classCount);
        return new(spec.Name, entry.Source, spec.InputShape, classCount, Layers(spec));
    }

    /// <summary>The names of the networks of a user's own assembly.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <exception cref="SlcException"><c>AssemblyNotLoaded</c>, <c>AssemblyInvalid</c>.</exception>
    public static IReadOnlyList<string> OwnNames(AssemblyIdentity assembly) => ModuleTrunk.Names(assembly).ToArray();

    /// <summary>Builds the trunk of a network.</summary>
    /// <exception cref="SlcException">
    /// <c>UnknownNetwork</c>, where a saved model names one that this version lacks; <c>AssemblyNotLoaded</c>; and those of a user's own trunk.
    /// </exception>
    internal static Trunk CreateTrunk(NetworkSpec spec, ParameterBuffer parameters, int seed) =>
        spec.Assembly is null ? Find(spec.Name).Create(spec, parameters, seed) : new ModuleTrunk(spec, parameters, seed);

    private static NetworkSpec DescribeOwn(
        string name, IReadOnlyList<int> inputShape, IReadOnlyList<int> hiddenUnit, int classCount, AssemblyIdentity assembly)
    {
        var type = ModuleTrunk.FindType(assembly, IsAuto(name) ? null : name);
        if (hiddenUnit.Count > 0)
            throw TakesNoHiddenUnit(type.Name, hiddenUnit);
        NetworkSpec.CheckInputShape(inputShape);
        return new(type.FullName!, inputShape, hiddenUnit, classCount) { Assembly = assembly };
    }

    private static SlcException TakesNoHiddenUnit(string name, IReadOnlyList<int> hiddenUnit) => new(
        "InvalidHiddenUnit", SlcErrorKind.InvalidArgument,
        $"-HiddenUnit is {string.Join(',', hiddenUnit)}, but {name} has no fully connected layer that it could set. Leave -HiddenUnit out.", "HiddenUnit");

    // Nothing takes memory before the buffer is allocated, so a network of any size can be looked at.
    private static NetworkLayer[] Layers(NetworkSpec spec)
    {
        using var parameters = new ParameterBuffer();
        using var trunk = CreateTrunk(spec, parameters, seed: 0);
        var auxiliary = Head.CreateAuxiliary(trunk, spec.ClassCount, parameters, seed: 0)?.Layer;
        NetworkLayer[] layers = auxiliary is null ? [.. trunk.Layers] : [.. trunk.Layers, auxiliary with { MultiplyAddCount = 0 }];
        return [.. layers, new Head(trunk.FeatureCount, spec.ClassCount, parameters, seed: 0).Layer];
    }

    private static bool IsAuto(string name) => name.Equals(Auto, StringComparison.OrdinalIgnoreCase);

    private static string Usual(IReadOnlyList<int> inputShape) =>
        inputShape.Count != 3 || inputShape[0] == 1 ? "MLP" : InceptionTrunk.Fits(inputShape) ? "InceptionV3" : "CNN";

    private static Entry Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Array.Find(Entries, entry => entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new SlcException("UnknownNetwork", SlcErrorKind.NotFound,
                $"There is no network '{name}'.{NearestName.Suggest(name, Names)} The networks are {string.Join(", ", Names)}, or {Auto} for the paper's for such examples.", name);
    }
}

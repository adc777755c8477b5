namespace LogitSeparation.Core.Networks;

/// <summary>The networks that can be trained, by name.</summary>
public static class NetworkCatalog
{
    private const string Mlp = "MLP";
    private const int LargestLayer = 1 << 20;
    private const long LargestNetwork = 1_000_000_000;

    /// <summary>The names of the networks.</summary>
    public static IReadOnlyList<string> Names { get; } = [Mlp];

    /// <summary>The network of that name for examples and classes of that number.</summary>
    /// <param name="name">E.g. <c>MLP</c>, whatever its case.</param>
    /// <param name="inputShape">The shape of one example.</param>
    /// <param name="hiddenUnit">The number of units of each hidden layer.</param>
    /// <param name="classCount">The number of classes, k.</param>
    /// <exception cref="SlcException"><c>UnknownNetwork</c>, <c>InvalidHiddenUnit</c>.</exception>
    public static NetworkSpec Describe(string name, IReadOnlyList<int> inputShape, IReadOnlyList<int> hiddenUnit, int classCount)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(hiddenUnit);
        var known = Names.FirstOrDefault(candidate => candidate.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new SlcException("UnknownNetwork", SlcErrorKind.NotFound,
                $"There is no network '{name}'.{NearestName.Suggest(name, Names)} The networks are {string.Join(", ", Names)}.", name);
        if (hiddenUnit.Count == 0 || hiddenUnit.Any(units => units is < 1 or > LargestLayer))
        {
            throw new SlcException("InvalidHiddenUnit", SlcErrorKind.InvalidArgument,
                $"-HiddenUnit is {string.Join(',', hiddenUnit)}, but must be one number or more, each from 1 to {LargestLayer}.", "HiddenUnit");
        }

        var spec = new NetworkSpec(known, inputShape, hiddenUnit, classCount);
        if (spec.WeightCount > LargestNetwork)
        {
            throw new SlcException("InvalidHiddenUnit", SlcErrorKind.InvalidArgument,
                $"-HiddenUnit {string.Join(',', hiddenUnit)} makes a network of {spec.WeightCount:N0} weights, but at most " +
                $"{LargestNetwork:N0} can be trained. Use fewer units.", "HiddenUnit");
        }

        return spec;
    }

    /// <summary>Builds the trunk of a network.</summary>
    /// <exception cref="SlcException"><c>UnknownNetwork</c>, where a saved model names one that this version lacks.</exception>
    internal static Trunk CreateTrunk(NetworkSpec spec, ParameterBuffer parameters, int seed) => spec.Name switch
    {
        Mlp => new MlpTrunk(spec, parameters, seed),
        _ => throw new SlcException("UnknownNetwork", SlcErrorKind.NotFound,
            $"There is no network '{spec.Name}' in this version. The networks are {string.Join(", ", Names)}.", spec.Name),
    };
}

namespace LogitSeparation.Core.Losses;

/// <summary>The losses by name: those of the paper, and others from the literature.</summary>
public static class LossCatalog
{
    private sealed record Entry(LossInfo Info, Func<LossContext, Loss> Create);

    private static readonly Entry[] Entries =
    [
        new(CrossEntropy.Info, _ => new CrossEntropy()),
        new(MaxMargin.Info, context => new MaxMargin(context.Options.Gamma)),
        new(SelfNormalization.Info, context => new SelfNormalization(context.Options.Alpha)),
        new(NoiseContrastive.Info, CreateNoiseContrastive),
        new(BinaryCrossEntropy.Info, CreateBinaryCrossEntropy),
        new(BatchCrossEntropy.Info, context => new BatchCrossEntropy(context.Options.Epsilon)),
        new(BatchMaxMargin.Info, context => new BatchMaxMargin(context.Options.Gamma)),
        new(ZLoss.Info, ZLoss.Create),
        new(AffineBinaryCrossEntropy.Unified, AffineBinaryCrossEntropy.CreateUnified),
        new(AffineBinaryCrossEntropy.Sigmoid, AffineBinaryCrossEntropy.CreateSigmoid),
        new(PriorBinaryCrossEntropy.Info, PriorBinaryCrossEntropy.Create),
        new(FocalBinaryCrossEntropy.Info, context => new FocalBinaryCrossEntropy(context.Options.FocalGamma)),
        new(LogitAdjustedCrossEntropy.Info, context => new LogitAdjustedCrossEntropy(context.ClassCounts, context.Options.Tau)),
        new(SmoothAveragePrecision.Info, context => new SmoothAveragePrecision(context.Options.Temperature)),
    ];

    /// <summary>All that can be asked for by name: the paper's seven first.</summary>
    public static IReadOnlyList<LossInfo> Known { get; } = Array.ConvertAll(Entries, entry => entry.Info);

    /// <summary>The seven of the paper, in the order of its Table 1: what "all losses" means.</summary>
    public static IReadOnlyList<LossInfo> All { get; } = Known.Where(info => info.Origin == LossOrigin.Paper).ToArray();

    /// <summary>The loss of that name, whatever its case.</summary>
    /// <param name="name">E.g. <c>BatchCE</c>.</param>
    /// <exception cref="SlcException"><c>UnknownLoss</c>, with the nearest name.</exception>
    public static LossInfo Find(string name) => FindEntry(name).Info;

    /// <summary>The loss of that name, the user's own among them.</summary>
    /// <param name="name">The name.</param>
    /// <param name="options">The options that bring the user's own.</param>
    /// <exception cref="SlcException"><c>UnknownLoss</c>, with the nearest name.</exception>
    public static LossInfo Find(string name, LossOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.FindOwn(name)?.Info ?? Find(name);
    }

    /// <summary>The parameters that a loss reads; none where its name is none of ours.</summary>
    /// <param name="name">The name.</param>
    internal static IReadOnlyList<string> ParametersOf(string name) => Known.FirstOrDefault(info => info.Name == Spell(name))?.Parameters ?? [];

    /// <summary>A loss's name as it is written here, whatever its case; a name that is none of ours as it is.</summary>
    /// <param name="name">Any name.</param>
    public static string? Spell(string? name) =>
        Known.FirstOrDefault(info => info.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Name ?? name;

    /// <summary>
    /// Whether logits trained with a loss are also measured over all classes: those of CE, as in the last row of Table 1, those of its
    /// variant that adjusts logits, and those of a loss that is none of ours, or not known.
    /// </summary>
    /// <param name="name">The loss; null where it is not known.</param>
    public static bool IsAlsoNormalized(string? name) => Spell(name) is var spelt
        && (spelt == CrossEntropy.Info.Name || spelt == LogitAdjustedCrossEntropy.Info.Name || Known.All(info => info.Name != spelt));

    /// <summary>Creates a loss.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="context">What it may need to know.</param>
    /// <exception cref="SlcException"><c>UnknownLoss</c>, <c>InvalidLossOption</c>.</exception>
    internal static Loss Create(string name, LossContext context)
    {
        context.Options.Validate();
        var loss = context.Options.FindOwn(name)?.Create(context) ?? FindEntry(name).Create(context);
        foreach (var parameter in loss.Parameters)
        {
            if (context.Trained is { } trained && trained.TryGetValue(parameter.Name, out var weight) && weight.Shape.SequenceEqual(parameter.Shape))
                parameter.Initial = Array.ConvertAll(weight.Values.ToArray(), value => (double)value);
        }

        return loss;
    }

    /// <summary>The same; null where the name is none of ours.</summary>
    /// <exception cref="SlcException"><c>InvalidLossOption</c>.</exception>
    internal static Loss? CreateKnown(string name, LossContext context) =>
        Known.Any(info => info.Name == Spell(name)) ? Create(name, context) : null;

    private static Entry FindEntry(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Array.Find(Entries, entry => entry.Info.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new SlcException("UnknownLoss", SlcErrorKind.NotFound,
                $"There is no loss '{name}'.{NearestName.Suggest(name, Known.Select(info => info.Name))} " +
                $"The losses are {string.Join(", ", Known.Select(info => info.Name))}.", name);
    }

    private static Loss CreateBinaryCrossEntropy(LossContext context) => context.Options.NegativeCount == 0
        ? new BinaryCrossEntropy()
        : new SampledBinaryCrossEntropy(context.ClassCounts.Count, context.Options.NegativeCount, context.Seed);

    private static Loss CreateNoiseContrastive(LossContext context)
    {
        var options = context.Options;
        var noise = options.NoisePrior == NoisePrior.Uniform
            ? NoiseDistribution.Uniform(context.ClassCounts.Count)
            : NoiseDistribution.FromCounts(context.ClassCounts);
        return options.NoiseSampling == NoiseSampling.Exact
            ? new NoiseContrastive(noise, options.NoiseCount)
            : new SampledNoiseContrastive(noise, options.NoiseCount, context.Seed);
    }
}

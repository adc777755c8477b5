namespace LogitSeparation.Core.Losses;

/// <summary>The losses of the paper, by name.</summary>
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
    ];

    /// <summary>What there is, in the order of the paper's Table 1.</summary>
    public static IReadOnlyList<LossInfo> All { get; } = Array.ConvertAll(Entries, entry => entry.Info);

    /// <summary>The loss of that name, whatever its case.</summary>
    /// <param name="name">E.g. <c>BatchCE</c>.</param>
    /// <exception cref="SlcException"><c>UnknownLoss</c>, with the nearest name.</exception>
    public static LossInfo Find(string name) => FindEntry(name).Info;

    /// <summary>A loss's name as it is written here, whatever its case; a name that is none of ours as it is.</summary>
    /// <param name="name">Any name.</param>
    public static string? Spell(string? name) =>
        All.FirstOrDefault(info => info.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Name ?? name;

    /// <summary>
    /// Whether logits trained with a loss are also measured over all classes: those of CE, as in the last row of Table 1, and those of a
    /// loss that is none of ours, or not known.
    /// </summary>
    /// <param name="name">The loss; null where it is not known.</param>
    public static bool IsAlsoNormalized(string? name) => Spell(name) is var spelt && (spelt == CrossEntropy.Info.Name || All.All(info => info.Name != spelt));

    /// <summary>Creates a loss.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="context">What it may need to know.</param>
    /// <exception cref="SlcException"><c>UnknownLoss</c>, <c>InvalidLossOption</c>.</exception>
    internal static Loss Create(string name, LossContext context)
    {
        context.Options.Validate();
        return FindEntry(name).Create(context);
    }

    private static Entry FindEntry(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Array.Find(Entries, entry => entry.Info.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new SlcException("UnknownLoss", SlcErrorKind.NotFound,
                $"There is no loss '{name}'.{NearestName.Suggest(name, All.Select(info => info.Name))} " +
                $"The losses are {string.Join(", ", All.Select(info => info.Name))}.", name);
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

namespace LogitSeparation.Core.Losses;

/// <summary>
/// The cross-entropy with an auxiliary z-loss, -log p_y + w log² Z with Z = Σ_j exp(z_j), where w is 1e-4 (Chowdhery et al. 2022, PaLM,
/// section 5): the same function as self-normalisation with α = w. It is there to keep logits from drifting, so its weight is a
/// thousandth of what self-normalisation has. Aligned for w above 0, with a critical value that falls to 0 with w.
/// </summary>
internal static class ZLoss
{
    public static LossInfo Info { get; } = new(
        "ZLoss", "cross-entropy with z-loss", "-log p_y + ZWeight * log(sum_j exp z_j)^2", "Chowdhery et al. 2022 (PaLM), section 5",
        Aligned: true, new[] { "ZWeight" }, LossOrigin.Literature);

    public static Loss Create(LossContext context) => new SelfNormalization(context.Options.ZWeight);
}

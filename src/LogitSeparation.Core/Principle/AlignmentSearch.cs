namespace LogitSeparation.Core.Principle;

/// <summary>What a search for violating logits with a small loss found.</summary>
/// <param name="Value">The smallest loss.</param>
/// <param name="Excess">Its excess over the infimum.</param>
/// <param name="Ratio">
/// That over the critical excess, 1 or above where the loss is aligned, but for rounding; null where it is not, or where nothing was
/// proved.
/// </param>
/// <param name="Configuration">The logits.</param>
public sealed record AlignmentSearch(double Value, double Excess, double? Ratio, ViolatingLogits Configuration)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Value:G6}");
}

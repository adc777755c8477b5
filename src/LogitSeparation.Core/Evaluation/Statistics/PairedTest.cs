namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>What a test says about paired differences.</summary>
/// <param name="Test">The test.</param>
/// <param name="Statistic">t, or Wilcoxon's sum of the ranks of positive differences.</param>
/// <param name="PairCount">The pairs that counted; Wilcoxon leaves out those without a difference.</param>
/// <param name="PValue">The two-sided p-value, 0 … 1.</param>
/// <param name="IsExact">Whether the p-value is of the exact distribution; t's is, for normal differences.</param>
public sealed record PairedTest(TestKind Test, double Statistic, int PairCount, double PValue, bool IsExact)
{
    /// <summary>On which side of 0 the differences lie by this test: 1 above, -1 below, 0 in the middle.</summary>
    public int Side => Math.Sign(Test == TestKind.PairedT ? Statistic : Statistic - PairCount * (PairCount + 1.0) / 4);

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"{(Test == TestKind.PairedT ? "t" : "V")} = {Statistic:0.###}, n = {PairCount}, p = {PValue:0.####}");
}

namespace LogitSeparation.Core.Evaluation;

/// <summary>The numbers of a <see cref="SeparationReport"/> that are worth keeping where its examples are not.</summary>
/// <param name="Margin">The smallest true logit minus the largest false one.</param>
/// <param name="MinTrueLogit">The smallest true logit.</param>
/// <param name="MaxFalseLogit">The largest false logit.</param>
/// <param name="ViolatingPairs">The number of pairs of a true and a false logit with true ≤ false.</param>
/// <param name="Pairs">The number of all pairs.</param>
/// <param name="RemovalCount">The size of the smallest set of examples whose removal makes the principle hold.</param>
public sealed record SeparationSummary(double Margin, double MinTrueLogit, double MaxFalseLogit, long ViolatingPairs, long Pairs, int RemovalCount)
{
    /// <summary>Whether every true logit is greater than every false logit.</summary>
    public bool Holds => ViolatingPairs == 0;

    /// <summary>The share of violating pairs, 0 … 1; 0 where there are no pairs.</summary>
    public double ViolatingShare => Pairs == 0 ? 0 : ViolatingPairs / (double)Pairs;

    /// <summary>Takes them from a report.</summary>
    /// <param name="report">The report.</param>
    public static SeparationSummary Of(SeparationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new(report.Margin, report.MinTrueLogit, report.MaxFalseLogit, report.ViolatingPairs, report.Pairs, report.RemovalCount);
    }
}

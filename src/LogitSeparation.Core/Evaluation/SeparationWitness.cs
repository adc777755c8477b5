namespace LogitSeparation.Core.Evaluation;

/// <summary>A pair that contradicts Definition 2.1: a true logit that is not above a false one.</summary>
/// <param name="TrueExample">The example of the true logit.</param>
/// <param name="TrueClass">The name of its class.</param>
/// <param name="TrueClassIndex">The column of its class.</param>
/// <param name="TrueLogit">The true logit, z_y(x).</param>
/// <param name="FalseExample">The example of the false logit.</param>
/// <param name="FalseClass">The name of the class that it does not belong to.</param>
/// <param name="FalseClassIndex">The column of that class.</param>
/// <param name="FalseLogit">The false logit, z_y''(x').</param>
/// <param name="Difference">False minus true logit, 0 or more; 0 where the two are equal, infinities included.</param>
public sealed record SeparationWitness(
    int TrueExample, string TrueClass, int TrueClassIndex, double TrueLogit,
    int FalseExample, string FalseClass, int FalseClassIndex, double FalseLogit, double Difference)
{
    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"'{TrueClass}' of example {TrueExample} at {TrueLogit:G6} <= '{FalseClass}' of example {FalseExample} at {FalseLogit:G6}");
}

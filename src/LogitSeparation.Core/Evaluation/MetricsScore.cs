namespace LogitSeparation.Core.Evaluation;

/// <summary>What examples are ranked by when a class is looked for.</summary>
public enum MetricsScore
{
    /// <summary>The class's own logit, z_y: the paper's single logit classification (section 6).</summary>
    SingleLogit,

    /// <summary>
    /// The log-odds of the class's softmax probability, z_y - log sum over j ≠ y of exp(z_j): the paper's row "CE with all logits".
    /// It ranks as the probability does, and goes on ranking where the probability rounds to 0 or 1.
    /// </summary>
    AllLogits,
}

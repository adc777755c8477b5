namespace LogitSeparation.Core.Losses;

/// <summary>What a user should know of a loss.</summary>
/// <param name="Name">The name to ask for it by.</param>
/// <param name="Title">The paper's name for it.</param>
/// <param name="Formula">The loss of one example (or batch), in plain characters.</param>
/// <param name="Source">Where it is defined: the paper's equation or section, and the original work.</param>
/// <param name="Aligned">Whether a small enough value guarantees the Principle of Logit Separation.</param>
/// <param name="Parameters">The parameters that it reads, by the names of the cmdlets' parameters.</param>
/// <param name="Origin">Where it comes from.</param>
public sealed record LossInfo(
    string Name, string Title, string Formula, string Source, bool Aligned, IReadOnlyList<string> Parameters,
    LossOrigin Origin = LossOrigin.Paper);

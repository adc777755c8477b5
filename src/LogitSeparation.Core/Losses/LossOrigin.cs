namespace LogitSeparation.Core.Losses;

/// <summary>Where a loss comes from.</summary>
public enum LossOrigin
{
    /// <summary>One of the seven that the paper compares.</summary>
    Paper,

    /// <summary>From other work, to be asked for by name.</summary>
    Literature,

    /// <summary>The user's own.</summary>
    User,
}

namespace LogitSeparation.Natives;

/// <summary>What <see cref="ElfMend"/> found and did.</summary>
public enum ElfMendResult
{
    /// <summary>The file does not ask for the version: nothing to do.</summary>
    NotAskedFor,

    /// <summary>The file asks for it weakly already: nothing to do.</summary>
    AlreadyWeak,

    /// <summary>A relocation refers to a symbol of that version, so the mark would be unsound: nothing was changed.</summary>
    InUse,

    /// <summary>The demand was marked as weak.</summary>
    Weakened,
}

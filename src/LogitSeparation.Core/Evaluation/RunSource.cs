namespace LogitSeparation.Core.Evaluation;

/// <summary>What stands for a loss that is not known: the file that the logits were read from.</summary>
public static class RunSource
{
    /// <summary>The loss; where it is not known the name of the file; null where there is neither.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="source">The path of the file.</param>
    public static string? Name(string? loss, string? source) => loss ?? (source is null ? null : Path.GetFileName(source));
}

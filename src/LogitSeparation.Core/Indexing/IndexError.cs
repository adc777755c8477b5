namespace LogitSeparation.Core.Indexing;

/// <summary>What can be wrong with an index.</summary>
internal static class IndexError
{
    /// <summary><c>IndexDamaged</c>: it is no index, or what it holds contradicts itself.</summary>
    public static SlcException Damaged(string path, string what, Exception? cause = null) => new("IndexDamaged", SlcErrorKind.InvalidData,
        $"'{path}' cannot be read as an index: {what}. Make it again with New-SlcIndex.", path, cause);

    /// <summary><c>IndexDamaged</c>: the features of a segment are not those that were written.</summary>
    public static SlcException FeaturesDamaged(string path, IndexSegment segment) => Damaged(path, FormattableString.Invariant(
        $"the features of its examples {segment.FirstRow} … {segment.FirstRow + segment.RowCount - 1} are not those that were written"));

    /// <summary><c>IndexTruncated</c>: it ends before what was committed does.</summary>
    public static SlcException Truncated(string path, long length, long committed) => new("IndexTruncated", SlcErrorKind.InvalidData,
        FormattableString.Invariant($"'{path}' has {length} bytes, but {committed} were written: its end is missing. Copy it again, or make it again with New-SlcIndex."), path);

    /// <summary><c>IndexOfAnotherModel</c>: its features are not those of the model's trunk.</summary>
    public static SlcException OtherModel(FeatureIndex index, string model) => new("IndexOfAnotherModel", SlcErrorKind.InvalidArgument,
        $"'{index.Path}' holds features of another model's trunk ({index.Model}), and says nothing of what '{model}' makes of the examples. Give that model, or make an index with this one.",
        index.Path);

    /// <summary><c>IndexInUse</c>: another process is adding to it or reading it.</summary>
    public static SlcException InUse(string path, Exception cause) => new("IndexInUse", SlcErrorKind.Unavailable,
        $"'{path}' is in use: somebody adds to it or looks through it. Wait until that has ended.", path, cause);

    /// <summary><c>IndexChanged</c>: somebody added to it, or replaced it, since it was opened.</summary>
    public static SlcException Changed(string path) => new("IndexChanged", SlcErrorKind.Unavailable,
        $"'{path}' has changed since it was opened. Open it again.", path);
}

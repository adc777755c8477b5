namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>Which results on one data set others are compared with: those of the reference that were trained in the same way.</summary>
internal sealed class ReferenceGroups
{
    private readonly RunGroup[] _references;

    private ReferenceGroups(RunGroup[] references, IReadOnlyList<RunGroup> compared) => (_references, Compared) = (references, compared);

    /// <summary>The groups to compare with a reference, at least one.</summary>
    public IReadOnlyList<RunGroup> Compared { get; }

    /// <summary>Tells references from what is compared with them.</summary>
    /// <param name="groups">All results on a data set.</param>
    /// <param name="loss">The reference's loss, measured by single logits.</param>
    /// <exception cref="SlcException"><c>ReferenceMissing</c>, <c>NothingToCompare</c>.</exception>
    public static ReferenceGroups Of(IReadOnlyList<RunGroup> groups, string loss)
    {
        var references = groups.Where(group => group.Score == MetricsScore.SingleLogit && group.IsOf(loss)).ToArray();
        var where = groups[0].Dataset ?? "an unknown data set";
        if (references.Length == 0)
        {
            throw new SlcException("ReferenceMissing", SlcErrorKind.InvalidData,
                $"There is no result of the reference '{loss}' on {where}, only of {string.Join("; ", groups.Select(group => group.Title))}. "
                + "Add it, or name another with -Reference.", loss);
        }

        if (groups.Count == 1)
        {
            throw new SlcException("NothingToCompare", SlcErrorKind.InvalidData,
                $"There are results of {references[0].Title} alone on {where}: add those of another loss to compare with.", where);
        }

        var others = groups.Except(references).ToArray();
        if (others.Length > 0)
            return new(references, others);

        // One loss alone in several settings: they are compared with that which has the defaults.
        var usual = references.FirstOrDefault(group => group.Difference is null) ?? references[0];
        return new([usual], [.. references.Where(group => group != usual)]);
    }

    /// <summary>What a group is compared with.</summary>
    /// <param name="group">One of <see cref="Compared"/>.</param>
    /// <exception cref="SlcException"><c>ReferenceAmbiguous</c>.</exception>
    public RunGroup For(RunGroup group)
    {
        if (_references.Length == 1)
            return _references[0];
        var alike = _references.Where(reference => reference.Setting is null ? group.Setting is null : reference.Setting.IsTrainedAs(group.Setting)).ToArray();
        if (alike.Length == 1)
            return alike[0];
        return alike.FirstOrDefault(reference => Equals(reference.Setting, group.Setting)) ?? throw new SlcException("ReferenceAmbiguous", SlcErrorKind.InvalidData,
            $"{group} could be compared with {string.Join(" or ", _references.Select(reference => reference.Title))}, and {(alike.Length == 0 ? "none" : "more than one")} of them "
            + "was trained as it was. Give results that differ in one thing only (Where-Object).", group.Title);
    }
}

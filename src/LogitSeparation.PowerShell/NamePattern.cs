using System.Management.Automation;
using LogitSeparation.Core;

namespace LogitSeparation.PowerShell;

/// <summary>Names that a user wrote, with wildcards or without, against the names that there are.</summary>
internal static class NamePattern
{
    /// <summary>The known names that are meant, each once, in the order in which they were asked for.</summary>
    /// <param name="patterns">What the user wrote.</param>
    /// <param name="known">What there is.</param>
    /// <param name="what">What it is, e.g. <c>loss</c>.</param>
    /// <param name="errorId">The error where nothing matches.</param>
    public static IReadOnlyList<string> Resolve(IEnumerable<string> patterns, IReadOnlyList<string> known, string what, string errorId)
    {
        var names = new List<string>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var exact = known.ToHashSet(StringComparer.Ordinal);
        foreach (var pattern in patterns)
        {
            var matches = exact.Contains(pattern) ? [pattern] : Match(pattern, known);
            if (matches.Count == 0)
            {
                throw new SlcException(errorId, SlcErrorKind.NotFound,
                    $"There is no {what} '{pattern}'.{NearestName.Suggest(pattern, known)} There are: {List(known)}.", pattern);
            }

            names.AddRange(matches.Where(taken.Add));
        }

        return names;
    }

    // A name that is written as it is, wildcard characters or not, is itself alone; then its case does not matter; then wildcards are.
    private static List<string> Match(string pattern, IReadOnlyList<string> known)
    {
        var same = known.Where(name => name.Equals(pattern, StringComparison.OrdinalIgnoreCase)).ToList();
        if (same.Count > 0 || !WildcardPattern.ContainsWildcardCharacters(pattern))
            return same;
        var wildcard = WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        return known.Where(wildcard.IsMatch).ToList();
    }

    private static string List(IReadOnlyList<string> known)
    {
        const int Most = 20;
        return string.Join(", ", known.Take(Most)) + (known.Count > Most ? $" … ({known.Count} in all)" : "");
    }
}

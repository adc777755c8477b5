namespace LogitSeparation.Core;

/// <summary>Suggests the known name that an unknown one was probably meant to be.</summary>
public static class NearestName
{
    private const int FewestLetters = 3;
    private const int MostListed = 12;

    /// <summary>
    /// The known name with the smallest edit distance (ignoring case), or null where none is near, or where fewer than three letters
    /// are near anything.
    /// </summary>
    /// <param name="name">What was asked for.</param>
    /// <param name="known">What there is.</param>
    public static string? Find(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(known);
        if (name.Length < FewestLetters)
            return null;
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in known)
        {
            var isPart = candidate.Contains(name, StringComparison.OrdinalIgnoreCase);
            var distance = isPart ? 1 : Distance(name, candidate);
            if (distance < bestDistance)
                (best, bestDistance) = (candidate, distance);
        }

        return bestDistance <= Math.Max(2, name.Length / 2) ? best : null;
    }

    /// <summary>" Did you mean 'x'?", or an empty string where nothing is near.</summary>
    /// <param name="name">What was asked for.</param>
    /// <param name="known">What there is.</param>
    public static string Suggest(string name, IEnumerable<string> known) =>
        Find(name, known) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    /// <summary>" Did you mean 'x'?"; where nothing is near and there are few, " There are: x, y."; else an empty string.</summary>
    /// <param name="name">What was asked for.</param>
    /// <param name="known">What there is.</param>
    public static string SuggestOrList(string name, IReadOnlyCollection<string> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        var nearest = Suggest(name, known);
        return nearest.Length > 0 || known.Count is 0 or > MostListed ? nearest : $" There are: {string.Join(", ", known)}.";
    }

    /// <summary>The number of letters to insert, leave out or replace, ignoring case.</summary>
    /// <param name="name">A name.</param>
    /// <param name="other">Another.</param>
    internal static int Distance(string name, string other) => EditDistance(name.ToUpperInvariant(), other.ToUpperInvariant());

    private static int EditDistance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}

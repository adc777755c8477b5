namespace LogitSeparation.Core;

/// <summary>Suggests the known name that an unknown one was probably meant to be.</summary>
public static class NearestName
{
    /// <summary>The known name with the smallest edit distance (ignoring case), or null where none is near.</summary>
    /// <param name="name">What was asked for.</param>
    /// <param name="known">What there is.</param>
    public static string? Find(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(known);
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in known)
        {
            var isPart = name.Length > 1 && candidate.Contains(name, StringComparison.OrdinalIgnoreCase);
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

using System.Text;
using LogitSeparation.Core.Formats;
using static System.FormattableString;

namespace LogitSeparation.Core.Data.Layouts;

/// <summary>Text files that name ImageNet's classes: WordNet synsets, such as <c>n01440764 tench, Tinca tinca</c>.</summary>
internal static class SynsetFile
{
    private const long MaxLength = 64 << 20;

    /// <summary>Whether a text is the identifier of a synset, and so the name of a class's folder.</summary>
    public static bool IsId(string text) => text.Length == 9 && text[0] == 'n' && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>The lines of a text file, without empty ones.</summary>
    /// <exception cref="SlcException">The errors of <see cref="InputFile.Open"/>; <c>SynsetFileDamaged</c>.</exception>
    public static string[] ReadLines(string path)
    {
        using var file = InputFile.Open(path);
        if (file.Length > MaxLength)
            throw Damaged(path, Invariant($"it has {file.Length} bytes, too many for a list of names"));
        try
        {
            using var reader = new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
            return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }
        catch (DecoderFallbackException failure)
        {
            throw Damaged(path, failure.Message);
        }
        catch (IOException failure)
        {
            throw FileFailure.Reading(path, failure);
        }
    }

    /// <summary>The classes in the order of the file: an identifier, a space, a description.</summary>
    public static (string[] Ids, string[] Names) ReadClasses(string path)
    {
        var lines = ReadLines(path);
        var (ids, descriptions) = (new string[lines.Length], new string[lines.Length]);
        for (var i = 0; i < lines.Length; i++)
        {
            var fields = lines[i].Split(' ', 2, StringSplitOptions.TrimEntries);
            if (fields.Length != 2 || !IsId(fields[0]) || fields[1].Length == 0 || fields[1].Any(char.IsControl))
                throw Damaged(path, $"it has the line '{lines[i]}', where a synset (n01440764), a space and a description were expected");
            (ids[i], descriptions[i]) = (fields[0], fields[1]);
        }

        if (ids.Length == 0 || ids.Distinct(StringComparer.Ordinal).Count() != ids.Length)
            throw Damaged(path, "different classes were expected, one a line");
        return (ids, Names(ids, descriptions));
    }

    /// <summary>One name a class: the first of its description where no other class has it, else all of it, else with the identifier.</summary>
    public static string[] Names(string[] ids, string[] descriptions)
    {
        var first = Array.ConvertAll(descriptions, text => text.Split(',')[0]);
        var (timesFirst, timesAll) = (Count(first), Count(descriptions));
        var names = new string[ids.Length];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = timesFirst[first[i]] == 1 ? first[i]
                : timesAll[descriptions[i]] == 1 && !timesFirst.ContainsKey(descriptions[i]) ? descriptions[i]
                : $"{descriptions[i]} ({ids[i]})";
        }

        return names;
    }

    /// <summary>The error for a list that is not one.</summary>
    public static SlcException Damaged(string path, string what) => new("SynsetFileDamaged", SlcErrorKind.InvalidData,
        $"'{path}' is not a usable list: {what}. Get the file again.", path);

    private static Dictionary<string, int> Count(string[] texts) =>
        texts.GroupBy(text => text, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
}

using System.Globalization;
using LogitSeparation.Core.Formats;
using static System.FormattableString;

namespace LogitSeparation.Core.Data.Layouts;

/// <summary>Reads a .csv file with one example a line: a column of labels, and all others features.</summary>
internal static class CsvTable
{
    private static readonly string[] LabelNames = ["label", "class", "target", "y"];

    /// <summary>Reads a table.</summary>
    /// <param name="path">The file. Its first line names the columns, unless all of it are numbers.</param>
    /// <param name="labelColumn">
    /// The column of labels, by name or by number from 1; null for the one named label, class, target or y, or else the last.
    /// </param>
    /// <exception cref="SlcException">The errors of <see cref="CsvRecords"/>; <c>ArrayFileInvalid</c>; <c>UnknownLabelColumn</c>.</exception>
    public static ArrayTable Read(string path, string? labelColumn)
    {
        using var records = CsvRecords.Open(path);
        var hasHeader = !records.Header.All(field => TryParse(field, out _));
        var column = FindColumn(path, records.Header, labelColumn, hasHeader);
        if (records.Header.Count < 2)
            throw records.Damaged("it has one column, where features and a label were expected");

        var (values, labels) = ReadAll(path, records, hasHeader, column);
        return new(path, path, [records.Header.Count - 1], values, ToNumbers(labels));
    }

    /// <summary>Reads a table whose columns are all features, but for one that is named label, class, target or y.</summary>
    /// <param name="path">The file. Its first line names the columns, unless all of it are numbers.</param>
    /// <returns>The labels are texts, or null where there is no such column.</returns>
    /// <exception cref="SlcException">The errors of <see cref="CsvRecords"/>; <c>ArrayFileInvalid</c>.</exception>
    public static (int FeatureCount, float[] Values, IReadOnlyList<string>? Labels) ReadFeatures(string path)
    {
        using var records = CsvRecords.Open(path);
        var hasHeader = !records.Header.All(field => TryParse(field, out _));
        var column = hasHeader ? FindNamed(records.Header) : -1;
        var count = records.Header.Count - (column < 0 ? 0 : 1);
        if (count < 1)
            throw records.Damaged("it has no column of features");
        var (values, labels) = ReadAll(path, records, hasHeader, column);
        return (count, values, column < 0 ? null : labels);
    }

    private static (float[] Values, List<string> Labels) ReadAll(string path, CsvRecords records, bool hasHeader, int column)
    {
        var (values, labels) = (new List<float>(), new List<string>());
        if (!hasHeader)
            Add(records, records.Header, column, values, labels);
        while (records.Next() is { } record)
            Add(records, record, column, values, labels);
        return values.Count > 0 ? (values.ToArray(), labels) : throw ArrayTable.Invalid(path, "it has no examples");
    }

    private static int FindNamed(IReadOnlyList<string> header) =>
        header.ToList().FindIndex(name => LabelNames.Contains(name.Trim(), StringComparer.OrdinalIgnoreCase));

    private static int FindColumn(string path, IReadOnlyList<string> header, string? asked, bool hasHeader)
    {
        if (asked is null)
        {
            var named = hasHeader ? FindNamed(header) : -1;
            return named >= 0 ? named : header.Count - 1;
        }

        var index = hasHeader ? header.ToList().FindIndex(name => string.Equals(name.Trim(), asked, StringComparison.OrdinalIgnoreCase)) : -1;
        if (index < 0 && int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= header.Count)
            index = number - 1;
        return index >= 0 ? index : throw new SlcException("UnknownLabelColumn", SlcErrorKind.NotFound,
            $"'{path}' has no column '{asked}'. {(hasHeader ? $"Its columns are {string.Join(", ", header.Take(20))}." : "Its columns have no names:")} "
            + Invariant($"Give a name or a number from 1 to {header.Count} with -{nameof(DatasetRequest.LabelColumn)}."), asked);
    }

    private static void Add(CsvRecords records, IReadOnlyList<string> record, int column, List<float> values, List<string> labels)
    {
        for (var i = 0; i < record.Count; i++)
        {
            if (i == column)
                labels.Add(record[i].Trim());
            else if (TryParse(record[i], out var value) && float.IsFinite(value))
                values.Add(value);
            else
                throw records.Damaged(Invariant($"column {i + 1} is '{record[i]}', where a finite number was expected"));
        }

        if (column >= 0 && labels[^1].Length == 0)
            throw records.Damaged("its label is empty");
        if ((long)values.Count > Array.MaxLength / 2)
            throw records.Damaged("there are more numbers than fit in memory");
    }

    private static bool TryParse(string field, out float value) =>
        float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private static Array ToNumbers(List<string> labels)
    {
        var numbers = new long[labels.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!long.TryParse(labels[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[i]))
                return labels.ToArray();
        }

        return numbers;
    }
}

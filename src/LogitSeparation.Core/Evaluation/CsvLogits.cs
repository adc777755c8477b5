using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// Logits as text: a header, one column <c>label</c>, and a column for each class with its name. A label is a class's name, or
/// where not all are names, a column's number from 0. Numbers are read as float64, and kept as float32 where all are one exactly;
/// they are written so that reading gives the same bits.
/// </summary>
internal static partial class CsvLogits
{
    private const string LabelColumn = "label";

    /// <summary>Reads a file.</summary>
    public static Logits Import(LogitsOrigin origin, CancellationToken cancellationToken)
    {
        using var records = CsvRecords.Open(origin.Path, cancellationToken);
        var labelIndex = FindLabel(records);
        var names = records.Header.Where((_, column) => column != labelIndex).ToArray();
        if (names.Length == 0)
            throw LogitsContent.Invalid("LogitsEmpty", origin.Path, "it has no column besides 'label': a column for each class is needed.");
        RefuseUnnamed(records);
        var (values, labels) = (new List<double>(), new List<string>());
        while (records.Next() is { } fields)
        {
            labels.Add(fields[labelIndex]);
            for (var column = 0; column < fields.Count; column++)
            {
                if (column != labelIndex)
                    values.Add(Number(records, fields[column], records.Header[column]));
            }
        }

        if (labels.Count == 0)
            throw LogitsContent.Invalid("LogitsEmpty", origin.Path, "it has a header and no rows: a row for each example is needed.");
        var columns = Labels(origin.Path, labels, names);
        var indices = LogitsContent.ReadLabels(origin.Path, columns, labels.Count, names.Length);
        if (Ambiguity(labels, indices, names) is { } notice)
            origin = origin with { Notice = new[] { $"'{origin.Path}': {notice}" } };
        return origin.ToMemory(Narrow([.. values]), indices, names);
    }

    /// <summary>Reads the labels of a file: its column <c>label</c>, or its only column.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static DenseArray ReadLabelColumn(string path, CancellationToken cancellationToken)
    {
        using var records = CsvRecords.Open(path, cancellationToken);
        var column = records.Header.Count == 1 ? 0 : FindLabel(records);
        var labels = new List<string>();
        // A list of numbers without a header is all data.
        if (records.Header.Count == 1 && long.TryParse(records.Header[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            labels.Add(records.Header[0]);
        while (records.Next() is { } fields)
            labels.Add(fields[column]);
        return Labels(path, labels, []);
    }

    /// <summary>Writes a file.</summary>
    public static void Export(Logits logits, string path, CancellationToken cancellationToken)
    {
        foreach (var name in logits.ClassNames)
        {
            if (name.AsSpan().IndexOfAny('\r', '\n') >= 0 || name.Trim().Length == 0 || string.Equals(name.Trim(), LabelColumn, StringComparison.OrdinalIgnoreCase))
            {
                throw new SlcException("ClassNameInvalid", SlcErrorKind.InvalidData,
                    $"The class name '{name}' cannot head a column of a .csv file: it is empty, breaks the line, or is that of the labels' column. "
                    + "Rename the class, or write another format.", name);
            }
        }

        AtomicFile.Write(path, stream => Write(logits, stream, cancellationToken), cancellationToken);
    }

    private static void Write(Logits logits, Stream stream, CancellationToken cancellationToken)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
        writer.NewLine = "\n";
        writer.WriteLine(string.Join(',', logits.ClassNames.Prepend(LabelColumn).Select(CsvRecords.Quote)));
        var names = Array.ConvertAll([.. logits.ClassNames], CsvRecords.Quote);
        // Where two classes share a name, only numbers tell them apart.
        var byNumber = names.Distinct(StringComparer.Ordinal).Count() < names.Length;
        var row = new double[logits.ClassCount];
        using var reader = logits.Open();
        for (var i = 0; i < logits.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            reader.Read(i, row);
            var y = logits.Labels.Span[i];
            writer.Write(byNumber ? y.ToString(CultureInfo.InvariantCulture) : names[y]);
            foreach (var z in row)
            {
                writer.Write(',');
                writer.Write(Text(z));
            }

            writer.WriteLine();
        }
    }

    /// <summary>The shortest text that reads as the same float64; infinities and NaN as NumPy and pandas write them.</summary>
    private static string Text(double z) =>
        double.IsNaN(z) ? "nan"
        : double.IsInfinity(z) ? z > 0 ? "inf" : "-inf"
        : z.ToString("R", CultureInfo.InvariantCulture);

    private static double Number(CsvRecords records, string text, string column)
    {
        // What is written as a number and exceeds float64 would come as infinity.
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && (double.IsFinite(number) || !text.AsSpan().ContainsAnyInRange('0', '9')))
            return number;
        return text.Trim().ToLowerInvariant() switch
        {
            "nan" => double.NaN,
            "inf" or "+inf" or "infinity" => double.PositiveInfinity,
            "-inf" or "-infinity" => double.NegativeInfinity,
            _ => throw records.Damaged($"column '{column}' holds '{text}', and a number that float64 can hold is needed"),
        };
    }

    private static int FindLabel(CsvRecords records)
    {
        var columns = Enumerable.Range(0, records.Header.Count)
            .Where(column => string.Equals(records.Header[column].Trim(), LabelColumn, StringComparison.OrdinalIgnoreCase)).ToList();
        return columns.Count == 1
            ? columns[0]
            : throw records.Damaged($"its header has {(columns.Count == 0 ? "no column" : $"{columns.Count} columns")} '{LabelColumn}', and one is needed, with the true class of each example" +
                (records.Header.Count == 1 && records.Header[0].AsSpan().IndexOfAny(';', '\t') >= 0 ? "; columns are separated by commas" : ""));
    }

    // Its numbers would pass for the logits of one more class.
    private static void RefuseUnnamed(CsvRecords records)
    {
        for (var column = 0; column < records.Header.Count; column++)
        {
            var name = records.Header[column].Trim();
            if (name.Length > 0 && !PandasUnnamed().IsMatch(name))
                continue;
            throw records.Damaged($"column {(column + 1).ToString(CultureInfo.InvariantCulture)} {(name.Length == 0 ? "has no name" : $"is called '{name}'")}, and a column is the "
                + "logits of the class that it is named after: pandas writes its index there, and with index=False it does not");
        }
    }

    /// <summary>What pandas calls a column that had no name in the file that it read.</summary>
    [GeneratedRegex(@"^Unnamed: \d+$", RegexOptions.CultureInvariant)]
    private static partial Regex PandasUnnamed();

    private static DenseArray Labels(string path, List<string> labels, string[] names)
    {
        var byName = new Dictionary<string, long>(StringComparer.Ordinal);
        var twice = "";
        for (var j = 0; j < names.Length; j++)
            twice = byName.TryAdd(names[j].Trim(), j) ? twice : names[j].Trim();

        // One name makes names of them all: a class may be called '1' and not be column 1.
        var areNames = twice.Length == 0 && labels.Exists(label => byName.ContainsKey(label.Trim()));
        var columns = new long[labels.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            var label = labels[i].Trim();
            var isKnown = areNames
                ? byName.TryGetValue(label, out columns[i])
                : long.TryParse(label, NumberStyles.Integer, CultureInfo.InvariantCulture, out columns[i]);
            if (!isKnown)
                throw areNames ? LogitErrors.LabelUnknown(label, i, names, path) : LogitErrors.LabelNoNumber(label, i, names, twice, path);
        }

        return DenseArray.Create(columns, columns.Length);
    }

    // Every label is a name and would be a column's number too, and not the same column.
    private static string? Ambiguity(List<string> labels, int[] columns, string[] names)
    {
        var other = -1;
        for (var i = 0; i < columns.Length; i++)
        {
            if (!int.TryParse(labels[i], NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) || number < 0 || number >= names.Length)
                return null;
            other = other < 0 && number != columns[i] ? i : other;
        }

        return other < 0 ? null : string.Create(CultureInfo.InvariantCulture,
            $"its labels are taken as names of classes, and could all be numbers of columns from 0 as well: '{labels[other].Trim()}' is taken as column {columns[other]}. Name the classes otherwise if numbers are meant.");
    }

    /// <summary>Numbers as float32 where all are one exactly.</summary>
    internal static Array Narrow(double[] values) =>
        Array.TrueForAll(values, value => ((double)(float)value).Equals(value)) ? Array.ConvertAll(values, value => (float)value) : values;
}

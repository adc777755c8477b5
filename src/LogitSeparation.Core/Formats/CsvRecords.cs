using System.Text;

namespace LogitSeparation.Core.Formats;

/// <summary>Reads comma-separated records with a header (RFC 4180): fields may be quoted, and a quoted quote is doubled.</summary>
internal sealed class CsvRecords : IDisposable
{
    /// <summary>Records over several lines are not longer: a quote that is never closed would else swallow the file.</summary>
    private const int LongestRecord = 1 << 20;

    private readonly StreamReader _reader;
    private readonly string _path;
    private long _line;

    private CsvRecords(string path, StreamReader reader) => (_path, _reader) = (path, reader);

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Header { get; private set; } = [];

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="path">A UTF-8 file.</param>
    /// <param name="cancellationToken">Stops the reading, at the next block.</param>
    /// <exception cref="SlcException"><c>FileNotFound</c>, <c>FileUnreadable</c> or <c>CsvFileDamaged</c>.</exception>
    public static CsvRecords Open(string path, CancellationToken cancellationToken = default)
    {
        var file = new CancellableStream(InputFile.Open(path), cancellationToken);
        var records = new CsvRecords(path, new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: true)));
        try
        {
            records.Header = records.ReadRecord() ?? throw records.Damaged("it is empty, and a header is needed");
            return records;
        }
        catch (Exception failure) when (failure is SlcException or OperationCanceledException)
        {
            records.Dispose();
            throw;
        }
    }

    /// <summary>A field as it has to be written.</summary>
    /// <param name="field">Its text.</param>
    public static string Quote(string field) => field.AsSpan().IndexOfAny(",\"\r\n") < 0 && field.Trim().Length == field.Length
        ? field
        : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>The next record; null at the end. Empty lines are passed over.</summary>
    /// <exception cref="SlcException"><c>CsvFileDamaged</c>: it has more or fewer fields than the header, or ends within quotes.</exception>
    public IReadOnlyList<string>? Next()
    {
        var fields = ReadRecord();
        if (fields is not null && fields.Count != Header.Count)
            throw Damaged($"it has {fields.Count} fields, and the header has {Header.Count}");
        return fields;
    }

    /// <summary>The error for the record that was read last.</summary>
    /// <param name="what">What is wrong.</param>
    public SlcException Damaged(string what) => new("CsvFileDamaged", SlcErrorKind.InvalidData,
        $"'{_path}', line {_line}: {what}. Mend the line, or write the file again.", _path);

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private List<string>? ReadRecord()
    {
        try
        {
            var line = ReadLine();
            while (line is { Length: 0 })
                line = ReadLine();
            return line is null ? null : line.Contains('"', StringComparison.Ordinal) ? Split(line) : [.. line.Split(',')];
        }
        catch (Exception exception) when (exception is DecoderFallbackException or IOException)
        {
            throw new SlcException("CsvFileDamaged", SlcErrorKind.InvalidData,
                $"'{_path}' could not be read as UTF-8 text after line {_line}: {exception.Message}", _path, exception);
        }
    }

    private string? ReadLine()
    {
        _line++;
        return _reader.ReadLine();
    }

    private List<string> Split(string record)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; ; i++)
        {
            if (i == record.Length)
            {
                if (!isQuoted)
                    break;
                var more = record.Length < LongestRecord ? ReadLine() : null;
                record += "\n" + (more ?? throw Damaged("it ends within quotes"));
            }

            if (record[i] == '"' && isQuoted && i + 1 < record.Length && record[i + 1] == '"')
                field.Append(record[++i]);
            else if (record[i] == '"')
                isQuoted = !isQuoted;
            else if (record[i] == ',' && !isQuoted)
                Close(fields, field);
            else
                field.Append(record[i]);
        }

        Close(fields, field);
        return fields;
    }

    private static void Close(List<string> fields, StringBuilder field)
    {
        fields.Add(field.ToString());
        field.Clear();
    }
}

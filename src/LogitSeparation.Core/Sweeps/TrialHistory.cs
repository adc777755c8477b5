using System.Globalization;
using System.Text;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Sweeps;

/// <summary>A trial's <c>history.csv</c>: a point of the history a line.</summary>
internal static class TrialHistory
{
    private const int ColumnCount = 5;

    /// <summary>Writes the file.</summary>
    /// <exception cref="SlcException"><c>NotWritable</c>, <c>DiskFull</c>.</exception>
    public static void Write(string path, IReadOnlyList<HistoryPoint> history)
    {
        var text = new StringBuilder("Step,Loss,ValidationAccuracy,CertifiedShare,ValidationMargin\r\n");
        foreach (var point in history)
            text.Append(CultureInfo.InvariantCulture,
                $"{point.Step},{point.Loss:R},{point.ValidationAccuracy:R},{point.CertifiedShare:R},{point.ValidationMargin:R}\r\n");
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>The points of the file, up to the first line that is none; empty where there is no file.</summary>
    public static IReadOnlyList<HistoryPoint> Read(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadLines(path).Skip(1).Select(Parse).TakeWhile(point => point is not null).OfType<HistoryPoint>().ToArray() : Array.Empty<HistoryPoint>();
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            return Array.Empty<HistoryPoint>();
        }
    }

    private static HistoryPoint? Parse(string line)
    {
        var cells = line.Split(',');
        return cells.Length == ColumnCount && int.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out var step) && Number(cells[1]) is { } loss
            ? new(step, loss, Number(cells[2]), CertifiedShare: Number(cells[3]), ValidationMargin: Number(cells[4]))
            : null;
    }

    private static double? Number(string cell) => double.TryParse(cell, CultureInfo.InvariantCulture, out var value) ? value : null;
}

using System.Globalization;

namespace LogitSeparation.PowerShell;

/// <summary>Small pictures made of block characters, for views alone.</summary>
public static class Sparkline
{
    private const string Heights = "▁▂▃▄▅▆▇█";
    private const string Widths = "▏▎▍▌▋▊▉█";

    /// <summary>What lies further apart than this is drawn by its logarithm.</summary>
    private const double WideRange = 20;

    /// <summary>A curve: the mean of each part of the values as a block as high as it is large among them.</summary>
    /// <param name="values">The values in order; those that are not finite are left out.</param>
    /// <param name="width">The number of characters at most.</param>
    public static string Curve(IEnumerable<double> values, int width)
    {
        ArgumentNullException.ThrowIfNull(values);
        var finite = values.Where(double.IsFinite).ToList();
        if (finite.Count == 0 || width < 1)
            return "";
        if (finite.Min() > 0 && finite.Max() / finite.Min() > WideRange)
            finite = finite.ConvertAll(Math.Log);
        var count = Math.Min(width, finite.Count);
        var parts = Enumerable.Range(0, count).Select(i => Mean(finite, i, count)).ToList();
        var (low, high) = (parts.Min(), parts.Max());
        return string.Concat(parts.Select(part => high > low ? Heights[Step((part - low) / (high - low), Heights.Length)] : Heights[0]));
    }

    /// <summary>A bar.</summary>
    /// <param name="share">Its length, 0 … 1 of the width.</param>
    /// <param name="width">The width in characters.</param>
    public static string Bar(double share, int width)
    {
        if (!(share > 0))
            return "";
        var eighths = Math.Max(1, (int)Math.Round(Math.Min(1, share) * width * Widths.Length));
        var rest = eighths % Widths.Length;
        return new string(Widths[^1], eighths / Widths.Length) + (rest > 0 ? Widths[rest - 1].ToString(CultureInfo.InvariantCulture) : "");
    }

    /// <summary>A bar for an error: each of four equal parts stands for a power of ten, from 0.0001 on up to 1.</summary>
    /// <param name="error">The error, 0 … 1.</param>
    /// <param name="width">The width in characters.</param>
    public static string ErrorBar(double? error, int width)
    {
        const int Powers = 4;
        return error is > 0 ? Bar(1 + Math.Log10(error.Value) / Powers, width) : "";
    }

    private static double Mean(List<double> values, int part, int count)
    {
        var (from, to) = (part * values.Count / count, (part + 1) * values.Count / count);
        return values.GetRange(from, to - from).Average();
    }

    private static int Step(double share, int count) => Math.Min(count - 1, (int)(share * count));
}

using System.Numerics;

namespace LogitSeparation.Core.Reports;

/// <summary>How far the logits of a table reach.</summary>
/// <param name="Low">The lowest finite one; positive infinity where there is none.</param>
/// <param name="High">The highest finite one; negative infinity where there is none.</param>
/// <param name="MinTrue">The lowest true one.</param>
/// <param name="MaxFalse">The highest false one.</param>
internal readonly record struct LogitRange(double Low, double High, double MinTrue, double MaxFalse)
{
    /// <summary>The range of no logits.</summary>
    public static LogitRange Nothing { get; } =
        new(double.PositiveInfinity, double.NegativeInfinity, double.PositiveInfinity, double.NegativeInfinity);

    /// <summary>The range of rows.</summary>
    /// <param name="values">The rows, one after the other.</param>
    /// <param name="labels">A label for each.</param>
    /// <param name="k">The number of classes.</param>
    /// <param name="classIndex">The column to look at; null for all.</param>
    /// <param name="wrong">A NaN; null where there is none.</param>
    public static LogitRange Of<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> labels, int k, int? classIndex, out (int Row, int Column)? wrong)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T low = T.PositiveInfinity, high = T.NegativeInfinity, minTrue = low, maxFalse = high;
        var (first, last) = classIndex is { } only ? (only, only) : (0, k - 1);
        for (var row = 0; row < labels.Length; row++)
        {
            for (var j = first; j <= last; j++)
            {
                var z = values[row * k + j];
                if (T.IsNaN(z))
                {
                    wrong = (row, j);
                    return Nothing;
                }

                if (T.IsFinite(z))
                    (low, high) = (z < low ? z : low, z > high ? z : high);
                if (j == labels[row])
                    minTrue = z < minTrue ? z : minTrue;
                else
                    maxFalse = z > maxFalse ? z : maxFalse;
            }
        }

        wrong = null;
        return new(ToDouble(low), ToDouble(high), ToDouble(minTrue), ToDouble(maxFalse));
    }

    /// <summary>The range of both.</summary>
    /// <param name="other">The range of other logits.</param>
    public LogitRange And(LogitRange other) => new(
        Math.Min(Low, other.Low), Math.Max(High, other.High), Math.Min(MinTrue, other.MinTrue), Math.Max(MaxFalse, other.MaxFalse));

    /// <summary>The same, with room between its ends.</summary>
    public LogitRange Widened() =>
        !double.IsFinite(Low) ? this with { Low = -0.5, High = 0.5 }
        : High / 2 - Low / 2 > Smallest ? this
        : this with { Low = Math.Max(Low - Reach, double.MinValue), High = Math.Min(High + Reach, double.MaxValue) };

    private double Size => Math.Max(Math.Abs(Low), Math.Abs(High));

    // Numbers of this size have no room for bins below it.
    private double Smallest => Size * 1e-12;

    private double Reach => Math.Max(0.5, Size * 1e-6);

    private static double ToDouble<T>(T value)
        where T : IBinaryFloatingPointIeee754<T> => double.CreateTruncating(value);
}

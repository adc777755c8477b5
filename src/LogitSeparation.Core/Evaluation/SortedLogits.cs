using System.Numerics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// Logits in rising order that can be counted up to a value in about constant time: a table of equal intervals says where the
/// search has to begin and end. Finding the interval is a subtraction and a multiplication, which both keep the order even as they
/// round, so the counts are exact.
/// </summary>
internal sealed class SortedLogits<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int FewestIntervals = 1 << 8;
    private const int MostIntervals = 1 << 16;

    private readonly T[] _logits;
    private readonly int[] _starts;
    private readonly double _from;
    private readonly double _scale;

    /// <summary>Sorts a copy.</summary>
    /// <param name="logits">At least one, none NaN.</param>
    public SortedLogits(T[] logits)
    {
        _logits = (T[])logits.Clone();
        Array.Sort(_logits);
        var intervals = Math.Clamp((int)BitOperations.RoundUpToPowerOf2((uint)logits.Length), FewestIntervals, MostIntervals);
        _from = ToDouble(_logits[0]);
        _scale = intervals / (ToDouble(_logits[^1]) - _from);
        if (!double.IsFinite(_scale) || !double.IsFinite(_from) || _scale <= 0)
            (_from, _scale, intervals) = (0, 0, 1);

        _starts = new int[intervals + 1];
        foreach (var logit in _logits)
            _starts[Interval(logit) + 1]++;
        for (var i = 0; i < intervals; i++)
            _starts[i + 1] += _starts[i];
    }

    /// <summary>The smallest of all.</summary>
    public T Smallest => _logits[0];

    /// <summary>The number of logits that are at most a value.</summary>
    /// <param name="value">Any value but NaN.</param>
    public int CountUpTo(T value)
    {
        var interval = Interval(value);
        var low = _starts[interval];
        for (var length = _starts[interval + 1] - low; length > 0;)
        {
            var half = length >> 1;
            if (_logits[low + half] <= value)
            {
                low += half + 1;
                length -= half + 1;
            }
            else
            {
                length = half;
            }
        }

        return low;
    }

    private int Interval(T value)
    {
        // With scale 0 (infinite or equal logits) there is one interval, and an infinite value gives NaN, which is no position.
        var position = (ToDouble(value) - _from) * _scale;
        return position >= _starts.Length - 1 ? _starts.Length - 2 : position > 0 ? (int)position : 0;
    }

    private static double ToDouble(T value) => double.CreateTruncating(value);
}

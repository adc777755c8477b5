namespace LogitSeparation.Core.Data.Pictures;

/// <summary>Along one side of a picture: which pixels each pixel of the scaled side is made of, and with what weights, which sum to 1.</summary>
internal sealed class PictureTaps
{
    private readonly int[] _first;
    private readonly int[] _count;
    private readonly float[] _weights;
    private readonly int _most;

    private PictureTaps(int length, int most)
    {
        (_first, _count, _weights, _most) = (new int[length], new int[length], new float[length * most], most);
        (Lowest, Highest) = (int.MaxValue, 0);
    }

    /// <summary>The first pixel that is used at all.</summary>
    public int Lowest { get; private set; }

    /// <summary>The pixel after the last that is used at all.</summary>
    public int Highest { get; private set; }

    /// <summary>The weights of a triangle around each centre, one pixel wide to either side, or more where the side shrinks.</summary>
    /// <param name="start">Where the part that is scaled begins.</param>
    /// <param name="span">How long it is, above 0.</param>
    /// <param name="limit">The pixels that there are.</param>
    /// <param name="length">The pixels of the scaled side.</param>
    public static PictureTaps Create(double start, double span, int limit, int length)
    {
        var scale = span / length;
        var reach = Math.Max(1, scale);
        var taps = new PictureTaps(length, (int)Math.Min(limit, (2 * Math.Ceiling(reach)) + 1));
        // Pixels beyond the part that is cut out do not count, as if they had been cut off.
        var (low, high) = (Math.Max(0, (int)Math.Floor(start + 1e-6)), Math.Min(limit, (int)Math.Ceiling(start + span - 1e-6)));
        for (var i = 0; i < length; i++)
        {
            var centre = start + ((i + 0.5) * scale);
            var first = Math.Clamp((int)(centre - reach + 0.5), low, high - 1);
            var end = Math.Clamp((int)(centre + reach + 0.5), first + 1, Math.Min(high, first + taps._most));
            taps.Set(i, first, end, centre, reach);
        }

        return taps;
    }

    /// <summary>The first pixel that a pixel of the scaled side is made of.</summary>
    public int FirstOf(int index) => _first[index];

    /// <summary>The weights of that pixel and those after it.</summary>
    public ReadOnlySpan<float> WeightsOf(int index) => _weights.AsSpan(index * _most, _count[index]);

    private void Set(int index, int first, int end, double centre, double reach)
    {
        var weights = _weights.AsSpan(index * _most, end - first);
        var sum = 0.0;
        for (var i = first; i < end; i++)
            sum += Weight(i);
        for (var i = first; i < end; i++)
            weights[i - first] = (float)(sum > 0 ? Weight(i) / sum : 1.0 / weights.Length);
        (_first[index], _count[index]) = (first, weights.Length);
        (Lowest, Highest) = (Math.Min(Lowest, first), Math.Max(Highest, end));

        double Weight(int pixel) => Math.Max(0, 1 - (Math.Abs(pixel + 0.5 - centre) / reach));
    }
}

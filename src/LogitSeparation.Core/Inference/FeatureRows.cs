namespace LogitSeparation.Core.Inference;

/// <summary>The features of some examples in native memory, or the same part of each of them.</summary>
/// <param name="first">The first example's first feature.</param>
/// <param name="stride">How many numbers lie between one example's features and the next one's.</param>
/// <param name="count">The number of examples.</param>
internal readonly unsafe struct FeatureRows(float* first, nint stride, int count)
{
    /// <summary>The first example's first feature.</summary>
    public float* First => first;

    /// <summary>How many numbers lie between one example's features and the next one's.</summary>
    public nint Stride => stride;

    /// <summary>The number of examples.</summary>
    public int Count => count;

    /// <summary>The features of one example.</summary>
    /// <param name="example">0 … <see cref="Count"/> - 1.</param>
    public float* this[int example] => first + (example * stride);

    /// <summary>The same examples without their first features.</summary>
    /// <param name="left">How many are left out.</param>
    public FeatureRows From(int left) => new(first + left, stride, count);

    /// <summary>Some of the examples.</summary>
    /// <param name="from">The first.</param>
    /// <param name="some">Their number.</param>
    public FeatureRows Slice(int from, int some) => new(this[from], stride, some);
}

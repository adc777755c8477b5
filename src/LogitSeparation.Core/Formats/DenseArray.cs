using System.Globalization;

namespace LogitSeparation.Core.Formats;

/// <summary>
/// An n-dimensional array as files hold it: a shape, and the elements in C order (the last index runs fastest) in an array of
/// their own type.
/// </summary>
internal sealed class DenseArray
{
    private DenseArray(Array values, int[] shape)
    {
        Values = values;
        Shape = shape;
    }

    /// <summary>The length of each dimension; empty for a single value.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The elements: an array of <see cref="float"/>, <see cref="double"/>, an integer type or <see cref="string"/>.</summary>
    public Array Values { get; }

    /// <summary>The elements' type.</summary>
    public Type ElementType => Values.GetType().GetElementType()!;

    /// <summary>The shape as Python writes it, e.g. <c>(50, 10)</c>.</summary>
    public string ShapeText => Format(Shape);

    /// <summary>Creates an array.</summary>
    /// <param name="values">The elements in C order; not copied.</param>
    /// <param name="shape">The lengths, whose product is the number of elements.</param>
    public static DenseArray Create<T>(T[] values, params int[] shape) => Wrap(values, shape);

    /// <summary>Creates an array whose element type is known at run time only.</summary>
    /// <param name="values">The elements in C order; not copied.</param>
    /// <param name="shape">The lengths, whose product is the number of elements.</param>
    public static DenseArray Wrap(Array values, int[] shape)
    {
        var count = CountElements(shape);
        return count == values.LongLength
            ? new DenseArray(values, shape)
            : throw new ArgumentException($"{values.LongLength} elements do not fill the shape {Format(shape)}.", nameof(values));
    }

    /// <summary>The number of elements of a shape; null where it exceeds what one array can hold.</summary>
    /// <param name="shape">The lengths, none negative.</param>
    public static long? CountElements(IReadOnlyList<int> shape)
    {
        long count = 1;
        foreach (var length in shape)
        {
            count *= length;
            if (count > Array.MaxLength)
                return shape.Contains(0) ? 0 : null;
        }

        return count;
    }

    /// <summary>A shape as Python writes it.</summary>
    /// <param name="shape">The lengths.</param>
    public static string Format(IReadOnlyList<int> shape)
    {
        var lengths = string.Join(", ", shape.Select(length => length.ToString(CultureInfo.InvariantCulture)));
        return shape.Count == 1 ? $"({lengths},)" : $"({lengths})";
    }
}

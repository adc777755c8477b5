using System.Globalization;
using static System.FormattableString;

namespace LogitSeparation.Core.Data;

/// <summary>
/// The classes that a training set defines: its distinct labels, numbers or texts, in ascending order. Numbers need neither start at 0 nor
/// be contiguous; a class index is the label's rank.
/// </summary>
/// <typeparam name="T">Long or string.</typeparam>
internal sealed class LabelClasses<T>
    where T : notnull
{
    private const int MostNamed = 20;
    private readonly T[] _labels;
    private readonly Dictionary<T, int> _classOf;

    public LabelClasses(IEnumerable<T> trainingLabels)
    {
        var comparer = typeof(T) == typeof(string) ? (IComparer<T>)StringComparer.Ordinal : Comparer<T>.Default;
        _labels = [.. trainingLabels.Distinct().Order(comparer)];
        _classOf = _labels.Select((label, index) => (label, index)).ToDictionary(pair => pair.label, pair => pair.index);
    }

    /// <summary>The number of classes, k.</summary>
    public int Count => _labels.Length;

    /// <summary>One name a class: the known name of the label, else the label itself.</summary>
    /// <param name="knownNames">The names of the labels 0, 1, …; null where they have none.</param>
    public string[] Names(IReadOnlyList<string>? knownNames) => Array.ConvertAll(_labels, label =>
        label is long number and >= 0 && number < knownNames?.Count
            ? knownNames[(int)number]
            : Convert.ToString(label, CultureInfo.InvariantCulture)!);

    /// <summary>The class index of each example.</summary>
    /// <param name="labels">The examples' labels.</param>
    /// <param name="path">Their file, for messages.</param>
    /// <exception cref="SlcException"><c>UnknownLabel</c>: a label that no training example has.</exception>
    public int[] IndicesOf(ReadOnlySpan<T> labels, string path)
    {
        var indices = new int[labels.Length];
        for (var row = 0; row < indices.Length; row++)
        {
            if (!_classOf.TryGetValue(labels[row], out indices[row]))
            {
                throw new SlcException("UnknownLabel", SlcErrorKind.InvalidData,
                    Invariant($"'{path}' has the label {labels[row]} in row {row}, which no training example has: ")
                    + $"the classes are {string.Join(", ", Names(null).Take(MostNamed))}{(Count > MostNamed ? ", …" : "")}. "
                    + "Check that training and test files belong together.", path);
            }
        }

        return indices;
    }
}

using System.Globalization;
using static System.FormattableString;

namespace LogitSeparation.Core.Data;

/// <summary>
/// The classes that a training set defines: its distinct labels in ascending order. Labels need neither start at 0 nor be
/// contiguous; a class index is the label's rank.
/// </summary>
internal sealed class LabelClasses
{
    private const int LabelCount = byte.MaxValue + 1;
    private readonly byte[] _labels;
    private readonly int[] _classOf = new int[LabelCount];

    public LabelClasses(ReadOnlySpan<byte> trainingLabels)
    {
        var occurs = new bool[LabelCount];
        foreach (var label in trainingLabels)
            occurs[label] = true;

        _labels = [.. Enumerable.Range(0, LabelCount).Where(label => occurs[label]).Select(label => (byte)label)];
        Array.Fill(_classOf, -1);
        for (var c = 0; c < _labels.Length; c++)
            _classOf[_labels[c]] = c;
    }

    /// <summary>The number of classes, k.</summary>
    public int Count => _labels.Length;

    /// <summary>One name a class: the known name of the label, else the label itself.</summary>
    /// <param name="knownNames">The names of the labels 0, 1, …; null where they have none.</param>
    public string[] Names(IReadOnlyList<string>? knownNames) => Array.ConvertAll(_labels, label =>
        label < knownNames?.Count ? knownNames[label] : label.ToString(CultureInfo.InvariantCulture));

    /// <summary>The class index of each example.</summary>
    /// <exception cref="SlcException"><c>UnknownLabel</c>: a label that no training example has.</exception>
    public int[] IndicesOf(LabelledImages examples)
    {
        var indices = new int[examples.Count];
        for (var row = 0; row < indices.Length; row++)
        {
            indices[row] = _classOf[examples.Labels[row]];
            if (indices[row] < 0)
            {
                throw new SlcException("UnknownLabel", SlcErrorKind.InvalidData,
                    Invariant($"'{examples.LabelPath}' has the label {examples.Labels[row]} in row {row}, which no training example has: ")
                    + $"the classes are {string.Join(", ", Names(null))}. Check that training and test files belong together.",
                    examples.LabelPath);
            }
        }

        return indices;
    }
}

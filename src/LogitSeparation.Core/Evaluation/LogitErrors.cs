using System.Numerics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>What can be wrong with the logits and labels of a table, said in the same words wherever it is noticed.</summary>
internal static class LogitErrors
{
    private const int BlockLength = 1 << 22;

    /// <summary>A NaN.</summary>
    /// <param name="logits">The table.</param>
    /// <param name="example">Its row.</param>
    /// <param name="column">Its column.</param>
    public static SlcException NaN(Logits logits, int example, int column) => new("NaNLogit", SlcErrorKind.InvalidData,
        $"The logit of example {example} for class '{logits.ClassNames[column]}' (column {column}){Source(logits)} is NaN, which is neither "
        + "above nor below any other. Leave the example out, or find out why the model gives NaN.", example);

    /// <summary>The error for a table that holds a NaN, whichever pass came upon one: it names the first.</summary>
    /// <param name="logits">The table.</param>
    public static SlcException FirstNaN<T>(Logits logits)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var k = logits.ClassCount;
        foreach (var block in RowBlocks.Of<T>(logits, BlockLength))
        {
            var values = block.Values.Span;
            for (var i = 0; i < values.Length; i++)
            {
                if (T.IsNaN(values[i]))
                    return NaN(logits, block.FirstRow + i / k, i % k);
            }
        }

        return new SlcException("NaNLogit", SlcErrorKind.InvalidData,
            "A logit was NaN in one pass over the table and in none of the next: the logits are not the same at every pass.", logits);
    }

    /// <summary>A row whose softmax has no value.</summary>
    /// <param name="logits">The table.</param>
    /// <param name="example">The row.</param>
    public static SlcException UndefinedProbability(Logits logits, int example) => new("UndefinedProbability", SlcErrorKind.InvalidData,
        $"The logits of example {example}{Source(logits)} have two positive infinities, or negative ones alone, and so no softmax "
        + "probabilities. Measure single logits, or leave the example out.", example);

    /// <summary>A label that is no column.</summary>
    /// <param name="label">The label.</param>
    /// <param name="example">Its example.</param>
    /// <param name="classCount">The number of columns, k.</param>
    /// <param name="path">The file that it was read from; or null.</param>
    public static SlcException LabelOutOfRange(IFormattable label, int example, int classCount, string? path = null)
    {
        var what = FormattableString.Invariant($"label {label} of example {example} is not a column of the {classCount} logits: labels are 0 … {classCount - 1}.");
        return path is null
            ? new SlcException("LabelOutOfRange", SlcErrorKind.InvalidData, $"L{what[1..]}", label)
            : LogitsContent.Invalid("LabelOutOfRange", path, what);
    }

    /// <summary>A label that is no number where only numbers can say which column is meant.</summary>
    /// <param name="label">The label.</param>
    /// <param name="example">Its example.</param>
    /// <param name="names">The names of the columns; none where they are not known.</param>
    /// <param name="twice">A name that heads more than one column; empty where none does.</param>
    /// <param name="path">The file that it was read from.</param>
    public static SlcException LabelNoNumber(string label, int example, IReadOnlyCollection<string> names, string twice, string path) =>
        twice.Length == 0 ? LabelUnknown(label, example, names, path) : LogitsContent.Invalid("LabelOutOfRange", path, FormattableString.Invariant(
            $"label '{label}' of example {example} is no number of a column from 0, and the class name '{twice}' heads more than one column, so names do not tell them apart."));

    /// <summary>A label that is a text and names no column.</summary>
    /// <param name="label">The label.</param>
    /// <param name="example">Its example.</param>
    /// <param name="names">The names of the columns; none where they are not known.</param>
    /// <param name="path">The file that it was read from.</param>
    public static SlcException LabelUnknown(string label, int example, IReadOnlyCollection<string> names, string path) =>
        LogitsContent.Invalid("LabelOutOfRange", path, FormattableString.Invariant(
            $"label '{label}' of example {example} is not the name of a column: labels are all names of columns, or all numbers of columns from 0.{NearestName.SuggestOrList(label, names)}"));

    private static string Source(Logits logits) => logits.Source is null ? "" : $" of '{logits.Source}'";
}

using System.Collections;
using System.Management.Automation;
using LogitSeparation.Core;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;

namespace LogitSeparation.PowerShell;

/// <summary>Rows of numbers as PowerShell has them: the path of a .npy or .csv file, a row, rows of rows, or a table.</summary>
internal static class FeatureRows
{
    /// <summary>Reads them.</summary>
    /// <param name="cmdlet">Whose location paths are relative to.</param>
    /// <param name="feature">What the user gave.</param>
    /// <param name="model">Whose inputs they are to be.</param>
    public static ExampleSource Read(PSCmdlet cmdlet, object feature, Model model)
    {
        var plain = Plain(feature);
        if (plain is string path)
            return ExampleSource.OfArray(FilePaths.Resolve(cmdlet, path));
        var length = model.Network.InputLength;
        float[][] rows = plain is Array { Rank: > 1 } table ? [Numbers(table)] : IsRow(plain) ? [Numbers(plain)] : [.. Items(plain).Select(Numbers)];
        var isTable = plain is Array { Rank: > 1 };
        var lengths = isTable ? [RowLength((Array)plain)] : Array.ConvertAll(rows, row => row.Length);
        var wrong = Array.FindIndex(lengths, found => found != length);
        return wrong < 0
            ? ExampleSource.OfRows([.. rows.SelectMany(row => row)], length)
            : throw new SlcException("ExampleShapeMismatch", SlcErrorKind.InvalidArgument,
                $"Row {wrong} of -Feature has {lengths[wrong]} numbers, but the model was trained on {length} an example ({model.Dataset}).", nameof(ExampleCommand.Feature));
    }

    // All sizes but the first.
    private static int RowLength(Array table) =>
        Enumerable.Range(1, table.Rank - 1).Aggregate(1, (product, dimension) => product * table.GetLength(dimension));

    private static bool IsRow(object value) => Items(value).FirstOrDefault() is { } first && LanguagePrimitives.GetEnumerable(Plain(first)) is null;

    private static IEnumerable<object> Items(object value) => (LanguagePrimitives.GetEnumerable(value) ?? new[] { value }).Cast<object>();

    private static object Plain(object value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static float[] Numbers(object row) => Plain(row) switch
    {
        float[] singles => singles,
        double[] doubles => Array.ConvertAll(doubles, value => (float)value),
        IEnumerable items => [.. items.Cast<object>().Select(Number)],
        var single => [Number(single)],
    };

    // PowerShell makes 0 of nothing and of an empty text.
    private static float Number(object? value) => value is not null && $"{value}".Trim().Length > 0 && LanguagePrimitives.TryConvertTo<float>(value, out var number)
        ? number
        : throw new SlcException("FeatureRowInvalid", SlcErrorKind.InvalidArgument,
            $"-Feature holds '{value}', which is no number. Give rows of numbers, or the path of a .npy or .csv file.", nameof(ExampleCommand.Feature));
}

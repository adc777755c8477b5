using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.Core.Reports;

/// <summary>Checks of what a figure is made from.</summary>
internal static class FigureInput
{
    /// <summary>Refuses to draw nothing.</summary>
    public static void Require(int count, string what)
    {
        if (count == 0)
        {
            throw new SlcException("FigureInputMissing", SlcErrorKind.InvalidArgument,
                $"There is nothing to draw: this kind of plot needs {what}.");
        }
    }

    /// <summary>The column of a class.</summary>
    /// <exception cref="SlcException"><c>UnknownClass</c>.</exception>
    public static int FindClass(Logits table, string name)
    {
        foreach (var comparison in new[] { StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase })
        {
            for (var j = 0; j < table.ClassCount; j++)
            {
                if (table.ClassNames[j].Equals(name, comparison))
                    return j;
            }
        }

        throw new SlcException("UnknownClass", SlcErrorKind.InvalidArgument,
            $"There is no class '{name}' among the {table.ClassCount} of {table}.{NearestName.Suggest(name, table.ClassNames)}", name);
    }
}

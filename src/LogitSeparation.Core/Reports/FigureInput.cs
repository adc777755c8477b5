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
    public static int FindClass(IReadOnlyList<string> classNames, string name)
    {
        foreach (var comparison in new[] { StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase })
        {
            for (var j = 0; j < classNames.Count; j++)
            {
                if (classNames[j].Equals(name, comparison))
                    return j;
            }
        }

        throw new SlcException("UnknownClass", SlcErrorKind.InvalidArgument,
            $"There is no class '{name}' among the {classNames.Count} there are.{NearestName.SuggestOrList(name, classNames)}", name);
    }
}

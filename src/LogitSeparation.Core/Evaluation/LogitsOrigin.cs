using LogitSeparation.Core.Data;

namespace LogitSeparation.Core.Evaluation;

/// <summary>Where logits in a file come from.</summary>
/// <param name="Path">The file.</param>
/// <param name="Dataset">The data set that the examples belong to, where known.</param>
/// <param name="Split">The split that the examples are, where known.</param>
/// <param name="Loss">The loss that the model was trained with, where known.</param>
/// <param name="Seed">The seed that the model was trained with, where known.</param>
internal sealed record LogitsOrigin(string Path, string? Dataset = null, Split? Split = null, string? Loss = null, int? Seed = null)
{
    /// <summary>A table in memory.</summary>
    /// <exception cref="SlcException"><c>LogitsTypeInvalid</c>: the values are not floating-point numbers.</exception>
    public Logits ToMemory(Array values, int[] labels, IReadOnlyList<string> classNames) => values switch
    {
        float[] single => new MemoryLogits(single, labels, classNames) { Source = Path, Dataset = Dataset, Split = Split, Loss = Loss, Seed = Seed },
        double[] wide => new MemoryLogits(wide, labels, classNames) { Source = Path, Dataset = Dataset, Split = Split, Loss = Loss, Seed = Seed },
        _ => throw LogitsContent.Invalid("LogitsTypeInvalid", Path,
            $"'logits' holds {values.GetType().GetElementType()!.Name} values, not float32 or float64. Convert it with .astype('float32')."),
    };

    /// <summary>A table that stays in its file.</summary>
    /// <param name="elements">Where its elements lie.</param>
    /// <param name="labels">n labels.</param>
    /// <param name="classNames">k names.</param>
    public Logits ToFile(FileElements elements, int[] labels, IReadOnlyList<string> classNames) =>
        new FileLogits(elements, labels, classNames) { Source = Path, Dataset = Dataset, Split = Split, Loss = Loss, Seed = Seed };
}

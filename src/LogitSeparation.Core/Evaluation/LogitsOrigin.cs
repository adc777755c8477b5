using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Evaluation;

/// <summary>Where logits in a file come from.</summary>
/// <param name="Path">The file.</param>
/// <param name="Dataset">The data set that the examples belong to, where known.</param>
/// <param name="Split">The split that the examples are, where known.</param>
/// <param name="Loss">The loss that the model was trained with, where known.</param>
/// <param name="Seed">The seed that the model was trained with, where known.</param>
/// <param name="LearningRate">The learning rate that it was trained with, where known.</param>
internal sealed record LogitsOrigin(
    string Path, string? Dataset = null, Split? Split = null, string? Loss = null, int? Seed = null, double? LearningRate = null)
{
    private const long LargestExact = 1L << 53;

    /// <summary>What reading the file gave reason to warn of.</summary>
    public IReadOnlyList<string> Notice { get; init; } = Array.Empty<string>();

    /// <summary>What it was trained with besides, where known.</summary>
    public RunSetting? Setting { get; init; }

    /// <summary>A table in memory.</summary>
    /// <exception cref="SlcException"><c>LogitsTypeInvalid</c>: the values are not floating-point numbers.</exception>
    public Logits ToMemory(Array values, int[] labels, IReadOnlyList<string> classNames) => values switch
    {
        float[] or double[] => new MemoryLogits(values, labels, classNames, this),
        _ when ToFloat(values) is { } exact => ToMemory(CsvLogits.Narrow(exact), labels, classNames),
        _ => throw LogitsContent.Invalid("LogitsTypeInvalid", Path,
            $"'logits' holds {values.GetType().GetElementType()!.Name} values, not float32, float64, or integers that float64 holds exactly. Convert it with .astype('float32')."),
    };

    /// <summary>A table that stays in its file.</summary>
    /// <param name="elements">Where its elements lie.</param>
    /// <param name="labels">n labels.</param>
    /// <param name="classNames">k names.</param>
    public Logits ToFile(FileElements elements, int[] labels, IReadOnlyList<string> classNames) =>
        new FileLogits(elements, labels, classNames, this);

    // Integers as they are, where float64 has room for every one.
    private static double[]? ToFloat(Array values) => values switch
    {
        sbyte[] v => Array.ConvertAll(v, z => (double)z),
        short[] v => Array.ConvertAll(v, z => (double)z),
        int[] v => Array.ConvertAll(v, z => (double)z),
        byte[] v => Array.ConvertAll(v, z => (double)z),
        ushort[] v => Array.ConvertAll(v, z => (double)z),
        uint[] v => Array.ConvertAll(v, z => (double)z),
        long[] v when Array.TrueForAll(v, z => z is >= -LargestExact and <= LargestExact) => Array.ConvertAll(v, z => (double)z),
        ulong[] v when Array.TrueForAll(v, z => z <= LargestExact) => Array.ConvertAll(v, z => (double)z),
        _ => null,
    };
}

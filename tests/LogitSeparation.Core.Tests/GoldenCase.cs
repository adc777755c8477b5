using System.Collections.Concurrent;
using System.Text.Json;
using LogitSeparation.Core.Evaluation;
using Xunit;

namespace LogitSeparation.Core.Tests;

/// <summary>
/// One case of reference values: logits, labels, and what independent software says of them (PyTorch autograd in float64 for
/// the losses, scikit-learn for the metrics). The small cases are committed; the others come from <c>../shared/golden</c>.
/// </summary>
internal sealed class GoldenCase
{
    private static readonly string[] Names = ["tiny", "ties", "missing", "equal", "separated", "mid", "extreme", "many"];
    private static readonly ConcurrentDictionary<string, GoldenCase> Cases = new();

    private GoldenCase(string name, JsonElement root)
    {
        Name = name;
        Labels = Values(root.GetProperty("labels"), item => item.GetInt32());
        ClassCount = root.GetProperty("logits")[0].GetArrayLength();
        Logits = Table(root.GetProperty("logits"), item => item.GetSingle());
        Losses = root.GetProperty("losses").EnumerateObject().ToDictionary(
            property => property.Name, property => new GoldenLoss(
                property.Value.GetProperty("value").GetDouble(),
                property.Value.GetProperty("gradient") is { ValueKind: JsonValueKind.Array } gradient
                    ? Table(gradient, item => item.GetDouble()) : null));
        Metrics = GoldenMetrics.Read(root.GetProperty("metrics"));
    }

    /// <summary>The cases' names, as theory data.</summary>
    public static TheoryData<string> All => [.. Names];

    /// <summary>What the case is called.</summary>
    public string Name { get; }

    /// <summary>n x k logits, row after row; every one is exactly a float32.</summary>
    public float[] Logits { get; }

    /// <summary>n class indices.</summary>
    public int[] Labels { get; }

    /// <summary>The number of classes, k.</summary>
    public int ClassCount { get; }

    /// <summary>The number of examples, n.</summary>
    public int Count => Labels.Length;

    /// <summary>Losses by name: CE, MaxMargin, SelfNorm, NCE, BinaryCE, BatchCE, BatchMaxMargin (gamma 1, alpha 0.1, t 5, q uniform).</summary>
    public IReadOnlyDictionary<string, GoldenLoss> Losses { get; }

    /// <summary>The metrics of the case.</summary>
    public GoldenMetrics Metrics { get; }

    /// <summary>Reads a case; skips the running test where the case is not committed and <c>../shared</c> is absent.</summary>
    /// <param name="name">The case's name.</param>
    public static GoldenCase Load(string name) => Cases.GetOrAdd(name, static name =>
    {
        var committed = Path.Combine(AppContext.BaseDirectory, "golden", $"{name}.json");
        var path = File.Exists(committed) ? committed : SharedFolder.Require($"golden/{name}.json");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return new GoldenCase(name, document.RootElement);
    });

    /// <summary>The case as a float32 table, with the classes named c0, c1, …</summary>
    public MemoryLogits ToSingle() => new(Logits, Labels, ClassNames());

    /// <summary>The case as a float64 table, with the classes named c0, c1, …</summary>
    public MemoryLogits ToDouble() => new(Array.ConvertAll(Logits, z => (double)z), Labels, ClassNames());

    private string[] ClassNames() => [.. Enumerable.Range(0, ClassCount).Select(j => $"c{j}")];

    private static T[] Table<T>(JsonElement rows, Func<JsonElement, T> read) =>
        [.. rows.EnumerateArray().SelectMany(row => row.EnumerateArray().Select(read))];

    private static T[] Values<T>(JsonElement items, Func<JsonElement, T> read) => [.. items.EnumerateArray().Select(read)];
}

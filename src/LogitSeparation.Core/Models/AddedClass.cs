using System.Text.Json.Serialization;

namespace LogitSeparation.Core.Models;

/// <summary>A class that a model got after its training, by one new row of the head, and what its logit does on examples held out.</summary>
/// <param name="Class">The class's name.</param>
/// <param name="Dataset">The data set that its examples come from.</param>
/// <param name="ExampleCount">The number of its examples that the row was trained on.</param>
/// <param name="NegativeCount">The number of examples of other classes that it was trained against.</param>
/// <param name="Threshold">t of the test z > t, chosen on the validation split.</param>
/// <param name="TestPositives">The number of examples of the class in the test split; 0 where there is nothing to tell.</param>
/// <param name="TestSelected">The number of all examples in the test split whose logit exceeds the threshold.</param>
/// <param name="TestTruePositives">How many of them are of the class.</param>
public sealed record AddedClass(
    string Class, string Dataset, int ExampleCount, int NegativeCount,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double Threshold,
    int TestPositives, int TestSelected, int TestTruePositives)
{
    /// <summary>The share of the selected test examples that are of the class: 1 where none is selected; null where the test split has none of the class.</summary>
    [JsonIgnore]
    public double? Precision => TestPositives == 0 ? null : TestSelected == 0 ? 1 : TestTruePositives / (double)TestSelected;

    /// <summary>The share of the class's test examples that are selected; null where there are none.</summary>
    [JsonIgnore]
    public double? Recall => TestPositives == 0 ? null : TestTruePositives / (double)TestPositives;

    /// <inheritdoc/>
    public override string ToString() => Recall is null
        ? FormattableString.Invariant($"{Class}: trained on {ExampleCount} examples, and no test example of it is there")
        : FormattableString.Invariant($"{Class}: precision {Precision:F3} and recall {Recall:F3} on {TestPositives} test examples, trained on {ExampleCount}");
}

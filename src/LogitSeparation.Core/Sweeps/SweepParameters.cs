using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Sweeps;

/// <summary>Parameters of training and losses by their names, with values as a user writes them.</summary>
internal static class SweepParameters
{
    private static readonly JsonSerializerOptions Json = new(ModelFile.Json) { NumberHandling = JsonNumberHandling.AllowReadingFromString };

    /// <summary>What has a parameter of its own, or is no part of a trial; and how it is given instead.</summary>
    internal static IReadOnlyDictionary<string, string> Elsewhere { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["dataset"] = "give it as -Dataset",
        ["loss"] = "give it as -Loss",
        ["learningRate"] = "give it as -LearningRate",
        ["seed"] = "give it as -Seed",
        ["device"] = "give it as -Device; it is no part of a trial",
        ["assembly"] = "give it as -AssemblyPath",
        ["assemblyPath"] = "give it as -AssemblyPath",
        ["selectBy"] = "each learning rate is a trial of its own, and all are measured",
    };

    private static readonly string[] TrainingNames = Names<TrainingOptions>();
    private static readonly string[] LossNames = Names<LossOptions>();

    /// <summary>All combinations of the values; one empty one where there are no parameters.</summary>
    /// <exception cref="SlcException"><c>UnknownParameter</c>, <c>InvalidSweepValue</c>.</exception>
    public static IReadOnlyList<IReadOnlyDictionary<string, object>> Combine(IReadOnlyDictionary<string, IReadOnlyList<object>> parameters)
    {
        IEnumerable<Dictionary<string, object>> combinations = [[]];
        foreach (var (asked, values) in parameters.OrderBy(item => item.Key, StringComparer.OrdinalIgnoreCase))
        {
            var name = Resolve(asked);
            if (values.Count == 0)
                throw Invalid(asked, "nothing", "has no value");
            combinations = combinations.SelectMany(known => values.Select(value => new Dictionary<string, object>(known) { [name] = value })).ToArray();
        }

        return [.. combinations];
    }

    /// <summary>The options with the values that belong to them.</summary>
    /// <exception cref="SlcException"><c>InvalidSweepValue</c>.</exception>
    public static TrainingOptions Apply(TrainingOptions options, IReadOnlyDictionary<string, object> values) => Apply(options, TrainingNames, values);

    /// <inheritdoc cref="Apply(TrainingOptions, IReadOnlyDictionary{string, object})"/>
    public static LossOptions Apply(LossOptions options, IReadOnlyDictionary<string, object> values) => Apply(options, LossNames, values);

    private static T Apply<T>(T options, string[] names, IReadOnlyDictionary<string, object> values)
    {
        var own = values.Where(value => names.Contains(value.Key)).ToArray();
        if (own.Length == 0)
            return options;
        var json = JsonSerializer.SerializeToNode(options, Json)!.AsObject();
        foreach (var (name, value) in own)
        {
            var node = ToNode(value);
            json[name] = json[name] is JsonArray && node is not JsonArray ? new JsonArray(node) : node;
            Check<T>(json, name, value);
        }

        return json.Deserialize<T>(Json)!;
    }

    private static void Check<T>(JsonObject json, string name, object value)
    {
        try
        {
            json.Deserialize<T>(Json);
        }
        catch (JsonException exception)
        {
            throw Invalid(name, RunParameter.Show(value), $"is not what -{name} takes", exception);
        }
    }

    private static JsonNode? ToNode(object? value) => value switch
    {
        null => null,
        string text => JsonValue.Create(text),
        IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(ToNode)]),
        Enum name => JsonValue.Create(name.ToString()),
        // A whole number, whatever its type, so that 64.0 fits where 64 does.
        double or float or decimal when Convert.ToDouble(value, CultureInfo.InvariantCulture) is var number && number == Math.Floor(number)
            && Math.Abs(number) < 1e15 => JsonValue.Create((long)number),
        _ => JsonSerializer.SerializeToNode(value, value.GetType()),
    };

    private static string Resolve(string asked)
    {
        var name = asked.Equals("Step", StringComparison.OrdinalIgnoreCase) ? "stepCount" : asked;
        var instead = Elsewhere.TryGetValue(name, out var how) ? $" in this way: {how}" : "";
        var known = TrainingNames.Concat(LossNames).Where(known => !Elsewhere.ContainsKey(known)).ToArray();
        if (Array.Find(known, known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found)
            return found;
        var names = known.Select(known => known == "stepCount" ? "Step" : $"{char.ToUpperInvariant(known[0])}{known[1..]}").ToArray();
        throw new SlcException("UnknownParameter", SlcErrorKind.InvalidArgument,
            $"-Parameter has '{asked}', which a sweep cannot vary{instead}.{(instead.Length > 0 ? "" : NearestName.Suggest(asked, names))} " +
            $"It can vary {string.Join(", ", names)}; data sets, losses, learning rates and seeds have parameters of their own.", asked);
    }

    // Of the type, since JSON leaves out what has its default.
    private static string[] Names<T>() =>
        [.. typeof(T).GetProperties().Where(property => property.CanWrite).Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))];

    private static SlcException Invalid(string name, string value, string why, Exception? cause = null) => new(
        "InvalidSweepValue", SlcErrorKind.InvalidArgument, $"-Parameter has {name} = {value}, which {why}. Give values as Start-SlcTraining takes them.", name, cause);
}

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

    // What has a parameter of its own, or is no part of a trial.
    private static readonly string[] Elsewhere = ["learningRate", "seed", "device", "selectBy"];

    private static readonly string[] TrainingNames = Names(new TrainingOptions());
    private static readonly string[] LossNames = Names(new LossOptions());

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
            throw Invalid(name, Show(value), $"is not what -{name} takes", exception);
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
        var found = TrainingNames.Concat(LossNames).FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (found is not null && !Elsewhere.Contains(found))
            return found;
        var names = TrainingNames.Concat(LossNames).Except(Elsewhere).Select(known => known == "stepCount" ? "Step" : $"{char.ToUpperInvariant(known[0])}{known[1..]}").ToArray();
        throw new SlcException("UnknownParameter", SlcErrorKind.InvalidArgument,
            $"-Parameter has '{asked}', which a sweep cannot vary{(found is null ? "" : " in this way")}.{NearestName.Suggest(asked, names)} " +
            $"It can vary {string.Join(", ", names)}; data sets, losses, learning rates and seeds have parameters of their own.", asked);
    }

    private static string[] Names<T>(T options) => [.. JsonSerializer.SerializeToNode(options, Json)!.AsObject().Select(item => item.Key)];

    private static string Show(object value) => value is IEnumerable items and not string
        ? string.Join(", ", items.Cast<object>())
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static SlcException Invalid(string name, string value, string why, Exception? cause = null) => new(
        "InvalidSweepValue", SlcErrorKind.InvalidArgument, $"-Parameter has {name} = {value}, which {why}. Give values as Start-SlcTraining takes them.", name, cause);
}

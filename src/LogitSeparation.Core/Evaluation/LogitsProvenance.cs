using System.Globalization;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// What is kept beside a table of the model that gave it, as names and texts: data set, split, loss, seed, learning rate, and what it was
/// trained with besides (<see cref="Logits.Setting"/>).
/// </summary>
internal static class LogitsProvenance
{
    /// <summary>The array of an <c>.npz</c>, (m, 2) strings.</summary>
    public const string ArrayName = "slc_origin";

    private const string Prefix = "slc_";
    private const string DatasetKey = Prefix + "dataset";
    private const string SplitKey = Prefix + "split";
    private const string LossKey = Prefix + "loss";
    private const string SeedKey = Prefix + "seed";
    private const string LearningRateKey = Prefix + "learning_rate";
    private const string SettingKey = Prefix + "setting";

    /// <summary>What is known of a table.</summary>
    /// <param name="logits">The table.</param>
    public static IReadOnlyDictionary<string, string> Of(Logits logits) => new (string Key, string? Text)[]
    {
        (DatasetKey, logits.Dataset),
        (SplitKey, logits.Split?.ToString()),
        (LossKey, logits.Loss),
        (SeedKey, logits.Seed?.ToString(CultureInfo.InvariantCulture)),
        (LearningRateKey, logits.LearningRate?.ToString("R", CultureInfo.InvariantCulture)),
        (SettingKey, logits.Setting?.ToJson()),
    }.Where(item => item.Text is not null).ToDictionary(item => item.Key, item => item.Text!);

    /// <summary>The same as an array that NumPy reads; null where nothing is known.</summary>
    /// <param name="logits">The table.</param>
    public static DenseArray? ToArray(Logits logits)
    {
        var known = Of(logits);
        return known.Count == 0 ? null : DenseArray.Create<string>([.. known.SelectMany(item => new[] { item.Key, item.Value })], known.Count, 2);
    }

    /// <summary>Adds to an origin what was kept; what is said of it goes before.</summary>
    /// <param name="origin">The file, and what is said of it.</param>
    /// <param name="array">The array; null, or of another form, where it is not of this module.</param>
    public static LogitsOrigin Add(LogitsOrigin origin, DenseArray? array)
    {
        if (array is not { Values: string[] texts, Shape: [_, 2] })
            return origin;
        var kept = new Dictionary<string, string>();
        for (var i = 0; i < texts.Length; i += 2)
            kept[texts[i]] = texts[i + 1];
        return Add(origin, kept);
    }

    /// <summary>Adds to an origin what was kept; what is said of it goes before.</summary>
    /// <param name="origin">The file, and what is said of it.</param>
    /// <param name="kept">Names and texts; what is not of this module is passed over.</param>
    public static LogitsOrigin Add(LogitsOrigin origin, IReadOnlyDictionary<string, string> kept)
    {
        return origin with
        {
            Dataset = origin.Dataset ?? Text(DatasetKey),
            Split = origin.Split ?? (Enum.TryParse<Split>(Text(SplitKey), out var split) && Enum.IsDefined(split) ? split : null),
            Loss = origin.Loss ?? LossCatalog.Spell(Text(LossKey)),
            Seed = origin.Seed ?? (int.TryParse(Text(SeedKey), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed) ? seed : null),
            LearningRate = origin.LearningRate
                ?? (double.TryParse(Text(LearningRateKey), NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) && double.IsFinite(rate) ? rate : null),
            Setting = origin.Setting ?? RunSetting.FromJson(Text(SettingKey)),
        };

        string? Text(string key) => kept.TryGetValue(key, out var text) ? text : null;
    }
}

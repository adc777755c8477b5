using System.Collections;
using System.Globalization;
using System.Reflection;
using LogitSeparation.Core.Losses;

namespace LogitSeparation.Core.Models;

/// <summary>One parameter of a training, beside data set, loss, learning rate, seed and steps, which every view has.</summary>
/// <param name="Name">Its name, that of the option.</param>
/// <param name="Value">Its value; lists are arrays, which PowerShell can index.</param>
/// <param name="Default">The value that it has where nobody says anything; null where that depends on the data.</param>
/// <param name="IsOfLoss">Whether it is the loss's own.</param>
internal sealed record RunParameter(string Name, object Value, object? Default, bool IsOfLoss)
{
    private static readonly string[] Beside =
        [nameof(TrainingOptions.LearningRate), nameof(TrainingOptions.Seed), nameof(TrainingOptions.StepCount), nameof(TrainingOptions.Device), nameof(TrainingOptions.SelectBy), nameof(TrainingOptions.Assembly)];

    private static readonly PropertyInfo[] TrainingProperties = [.. Writable<TrainingOptions>().Where(property => !Beside.Contains(property.Name))];
    private static readonly PropertyInfo[] LossProperties = Writable<LossOptions>();
    private static readonly TrainingOptions DefaultTraining = new();
    private static readonly LossOptions DefaultLoss = new();

    /// <summary>Whether the value is known not to be the default.</summary>
    public bool IsChosen => Default is not null && Show(Default) != Show(Value);

    /// <summary>All parameters of a training; of the loss's, those that it has.</summary>
    /// <param name="training">The training's.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="options">The losses'.</param>
    public static IEnumerable<RunParameter> All(TrainingOptions training, string loss, LossOptions options)
    {
        var own = LossCatalog.ParametersOf(loss);
        return TrainingProperties.Select(property => Of(property, training, DefaultTraining, isOfLoss: false))
            .Concat(LossProperties.Where(property => own.Contains(property.Name)).Select(property => Of(property, options, DefaultLoss, isOfLoss: true)));
    }

    /// <summary>A value as text, which is the same for equal values.</summary>
    public static string Show(object value) => value is IEnumerable items and not string
        ? string.Join(", ", items.Cast<object>())
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    // The name that a network has in a run is never the default, which stands for whatever suits the data.
    private static RunParameter Of(PropertyInfo property, object options, object defaults, bool isOfLoss) => new(
        property.Name, Plain(property.GetValue(options)!), property.Name == nameof(TrainingOptions.Network) ? null : property.GetValue(defaults), isOfLoss);

    private static object Plain(object value) => value is IReadOnlyList<int> list ? list.ToArray() : value;

    private static PropertyInfo[] Writable<T>() => [.. typeof(T).GetProperties().Where(property => property.CanWrite)];
}

using LogitSeparation.Core.Models;
using LogitSeparation.Core.Thresholds;

namespace LogitSeparation.Core.Inference;

/// <summary>A class that is looked for.</summary>
/// <param name="Class">Its row of the head, 0 … k-1.</param>
/// <param name="Threshold">t: an example matches where its logit is above it.</param>
public sealed record ClassQuery(int Class, double Threshold)
{
    /// <summary>What the class's logit says in probabilities; null where nobody knows.</summary>
    public Calibration? Calibration { get; init; }

    /// <summary>Refuses classes that a model does not have.</summary>
    /// <exception cref="SlcException"><c>ClassOutOfRange</c>.</exception>
    internal static void Check(IReadOnlyList<ClassQuery> queries, Model model)
    {
        var wrong = queries.FirstOrDefault(query => (uint)query.Class >= (uint)model.ClassNames.Count);
        if (wrong is not null)
        {
            throw new SlcException("ClassOutOfRange", SlcErrorKind.InvalidArgument,
                $"Class {wrong.Class} is not one of the model's: its classes are 0 … {model.ClassNames.Count - 1}.", wrong.Class);
        }
    }

    /// <summary>An example's match.</summary>
    /// <param name="model">Names the class.</param>
    /// <param name="example">Which example.</param>
    /// <param name="logit">Its logit, above the threshold.</param>
    internal Match ToMatch(Model model, ExampleName example, double logit)
    {
        var name = model.ClassNames[Class];
        return new(example.Index, name, logit, Threshold, example.Label is null ? null : example.Label == name)
        {
            Path = example.Path,
            Probability = Calibration?.Probability(logit),
            Calibration = Calibration?.Method,
        };
    }
}

using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;

namespace LogitSeparation.Core.Tests.Inference;

/// <summary>Models that differ from another in one thing.</summary>
internal static class ModelCopy
{
    public static Model WithWeights(this Model model, IReadOnlyDictionary<string, Weight> weights) => Copy(model, weights, model.Scaling);

    public static Model WithScaling(this Model model, PixelScaling scaling) => Copy(model, model.Weights, scaling);

    private static Model Copy(Model model, IReadOnlyDictionary<string, Weight> weights, PixelScaling scaling) => new(model.Network, weights)
    {
        Loss = model.Loss,
        LossOptions = model.LossOptions,
        Training = model.Training,
        DatasetIdentity = model.DatasetIdentity,
        ClassNames = model.ClassNames,
        Scaling = scaling,
        ThreadCount = model.ThreadCount,
        History = model.History,
        Duration = model.Duration,
        Version = model.Version,
    };
}

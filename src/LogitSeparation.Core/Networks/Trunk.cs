using LogitSeparation.Core.Onnx;
using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>
/// The part of a network that turns examples into d features, shared by all classes. The head makes logits of them, one row
/// a class.
/// </summary>
internal abstract class Trunk : IDisposable
{
    /// <summary>The number of features, d.</summary>
    public abstract int FeatureCount { get; }

    /// <summary>Makes a step's random numbers, where there are any, a function of seed and step alone.</summary>
    /// <param name="step">The number of the step.</param>
    public virtual void Begin(long step)
    {
    }

    /// <summary>The features of a training batch. Keeps what <see cref="Backward"/> needs until the step's scope ends.</summary>
    /// <param name="input">m x (the input's shape), float32.</param>
    /// <returns>m x d.</returns>
    public abstract torch.Tensor Forward(torch.Tensor input);

    /// <summary>Gathers the gradients of the last batch: each parameter's becomes beta times what it was plus the gradient.</summary>
    /// <param name="gradient">The derivative of the loss by the features, m x d; may be overwritten.</param>
    /// <param name="beta">0 to 1.</param>
    /// <param name="auxiliaryGradient">That by <see cref="AuxiliaryFeatures"/>; null where there are none.</param>
    public abstract void Backward(torch.Tensor gradient, double beta, torch.Tensor? auxiliaryGradient = null);

    /// <summary>The number of features that an auxiliary head gets in training; 0 where the network has none.</summary>
    public virtual int AuxiliaryFeatureCount => 0;

    /// <summary>What an auxiliary head gets of the last training batch: m x <see cref="AuxiliaryFeatureCount"/>, or null.</summary>
    public virtual torch.Tensor? AuxiliaryFeatures => null;

    /// <summary>The features of examples by the statistics of training instead of the batch's own.</summary>
    /// <param name="input">n x (the input's shape), float32.</param>
    /// <returns>n x d.</returns>
    public abstract torch.Tensor Infer(torch.Tensor input);

    /// <summary>Adds what <see cref="Infer"/> computes to a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">The name of the input there: n x (numbers of an example), scaled.</param>
    /// <returns>The name of the features there: n x d.</returns>
    /// <exception cref="SlcException"><c>OnnxNotSupported</c>.</exception>
    public abstract string AddTo(OnnxGraph graph, string input);

    /// <summary>The layers in order.</summary>
    public abstract IReadOnlyList<NetworkLayer> Layers { get; }

    /// <summary>How many examples should be sent through at once for their features, so that no layer takes more than 64 MiB.</summary>
    /// <param name="most">The number for small layers.</param>
    public int RowsOf(int most) =>
        BlockRows.Within(most, Layers.Select(layer => layer.OutputShape.Aggregate(1L, (product, size) => product * size)).DefaultIfEmpty(FeatureCount).Max());

    /// <summary>What a saved model holds besides the trained parameters.</summary>
    public abstract IEnumerable<Statistic> Statistics { get; }

    /// <inheritdoc/>
    public abstract void Dispose();
}

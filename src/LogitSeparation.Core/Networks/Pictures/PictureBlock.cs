using LogitSeparation.Core.Onnx;
using TorchSharp;

namespace LogitSeparation.Core.Networks.Pictures;

/// <summary>
/// A piece of a convolutional network. It is described first, without knowing what comes before it; <see cref="Place"/> then tells
/// it the shape of its input, and makes its weights.
/// </summary>
internal abstract class PictureBlock
{
    /// <summary>Makes the weights. Called once.</summary>
    /// <param name="name">Its name in a saved model.</param>
    /// <param name="input">The shape of what it gets.</param>
    /// <param name="plan">Where weights and layers are listed.</param>
    /// <returns>The shape of what it gives.</returns>
    public abstract PictureShape Place(string name, PictureShape input, PicturePlan plan);

    /// <summary>What it gives: m x channels x height x width.</summary>
    /// <param name="input">m x channels x height x width; not changed.</param>
    /// <param name="training">Whether to normalise by the batch.</param>
    public abstract torch.Tensor Compute(torch.Tensor input, bool training);

    /// <summary>Adds what it computes outside of training to a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">The name of its input there.</param>
    /// <returns>The name of what it gives there.</returns>
    public abstract string AddTo(OnnxGraph graph, string input);
}

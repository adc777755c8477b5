using LogitSeparation.Core.Onnx;
using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>
/// No trunk at all: the numbers of an example are its features, and the head is all that is trained. For features that another
/// network has computed, which so gets a head for single logits without being trained anew.
/// </summary>
internal sealed class LinearTrunk : Trunk
{
    /// <summary>Describes the trunk; it has no parameters.</summary>
    /// <param name="spec">The sizes.</param>
    public LinearTrunk(NetworkSpec spec) => FeatureCount = spec.InputLength;

    /// <inheritdoc/>
    public override int FeatureCount { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<NetworkLayer> Layers { get; } = Array.Empty<NetworkLayer>();

    /// <inheritdoc/>
    public override IEnumerable<Statistic> Statistics => [];

    /// <inheritdoc/>
    public override torch.Tensor Forward(torch.Tensor input) => input;

    /// <inheritdoc/>
    public override torch.Tensor Infer(torch.Tensor input) => input;

    /// <inheritdoc/>
    public override string AddTo(OnnxGraph graph, string input) => input;

    /// <inheritdoc/>
    public override void Backward(torch.Tensor gradient, double beta, torch.Tensor? auxiliaryGradient = null)
    {
        // There is nothing that a gradient could be gathered for.
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        // There is nothing to free.
    }
}

using LogitSeparation.Core.Data;
using LogitSeparation.Core.Indexing;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Features;

/// <summary>The features that a model's trunk computes.</summary>
internal sealed class TrunkFeatures(Model model, torch.Device device) : FeatureSource
{
    private readonly TrainedTrunk _trunk = TorchFailure.Guard(device.ToString(), () => new TrainedTrunk(model, device));

    /// <inheritdoc/>
    public override PixelScaling Scaling => model.Scaling;

    /// <inheritdoc/>
    public override string Checksum { get; } = TrunkChecksum.Of(model);

    /// <inheritdoc/>
    public override torch.Device Device => device;

    /// <inheritdoc/>
    public override int RowsOf(int most) => _trunk.RowsOf(most);

    /// <inheritdoc/>
    public override float[] Compute(torch.Tensor inputs) => _trunk.Infer(inputs).cpu().contiguous().data<float>().ToArray();

    /// <inheritdoc/>
    public override void Dispose() => _trunk.Dispose();
}

using LogitSeparation.Core.Data;
using TorchSharp;

namespace LogitSeparation.Core.Features;

/// <summary>Computes features of examples.</summary>
internal abstract class FeatureSource : IDisposable
{
    /// <summary>How numbers become inputs.</summary>
    public abstract PixelScaling Scaling { get; }

    /// <summary>SHA-256 over all that makes the features, but for the scaling and the output's name.</summary>
    public abstract string Checksum { get; }

    /// <summary>Where it computes.</summary>
    public abstract torch.Device Device { get; }

    /// <summary>How many examples should be sent through at once.</summary>
    /// <param name="most">The number for small examples.</param>
    public abstract int RowsOf(int most);

    /// <summary>The features, row after row.</summary>
    /// <param name="inputs">n x (numbers of an example), scaled.</param>
    public abstract float[] Compute(torch.Tensor inputs);

    /// <inheritdoc/>
    public abstract void Dispose();
}

namespace LogitSeparation.Core.Data;

/// <summary>
/// How a byte becomes a network input: (byte - <paramref name="Mean"/>) / <paramref name="Deviation"/>, both in units of
/// bytes and taken over the training split, so that inputs have mean 0 and variance 1. The paper leaves the scaling open.
/// </summary>
/// <param name="Mean">The mean training byte, 0 … 255.</param>
/// <param name="Deviation">The standard deviation of the training bytes, above 0.</param>
public sealed record PixelScaling(double Mean, double Deviation);

using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>log(1 + e^x) = -log(1 - σ(x)), stable for any x.</summary>
internal static class Softplus
{
    /// <summary>2^-32: a power of two, so that no digit is lost.</summary>
    private const double Shrinking = 1.0 / (1L << 32);

    /// <summary>The function of each entry: log(e^0 + e^x).</summary>
    public static torch.Tensor Of(torch.Tensor x) => torch.logaddexp(x, torch.zeros(1, dtype: x.dtype, device: x.device));

    /// <summary>
    /// The sum over each row as float64: m x 1. The terms are positive and libtorch adds them in cascade, so that the sum is
    /// as exact as its terms; asking for a float64 sum would write the whole table once more in float64.
    /// </summary>
    public static torch.Tensor RowSum(torch.Tensor x) => SumRows(Of(x));

    /// <summary>The sum of positive numbers over each row as float64: m x 1.</summary>
    public static torch.Tensor SumRows(torch.Tensor positive)
    {
        var sums = positive.sum(1, keepdim: true).to(torch.float64);
        if (positive.dtype == torch.ScalarType.Float64)
            return sums;

        // Where a sum is beyond float32's range (3e38), its terms are added once more, so much smaller that no row can be so wide.
        // To ask whether there are such rows would wait for the device.
        var scaled = positive.Times(Shrinking).sum(1, keepdim: true).to(torch.float64).DivideInPlace(Shrinking);
        return torch.where(sums.isfinite(), sums, scaled);
    }
}

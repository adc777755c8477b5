using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>log(1 + e^x) = -log(1 - σ(x)), stable for any x.</summary>
internal static class Softplus
{
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

        // Only rows whose sum is beyond float32's range (3e38) are added again; the question waits for the device, which is
        // free on the CPU. Elsewhere such a row stays infinite.
        return positive.device_type != DeviceType.CPU || sums.isfinite().all().item<bool>()
            ? sums
            : positive.sum(1, keepdim: true, type: torch.ScalarType.Float64);
    }
}

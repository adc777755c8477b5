using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>log(1 + e^x) = -log(1 - σ(x)), stable for any x.</summary>
internal static class Softplus
{
    /// <summary>From here on log(1 + e^x) equals x to more than float64's digits, while e^x is still finite in float32.</summary>
    private const double Linear = 50;

    /// <summary>The function of each entry.</summary>
    public static torch.Tensor Of(torch.Tensor x) => torch.nn.functional.softplus(x, 1, Linear);

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

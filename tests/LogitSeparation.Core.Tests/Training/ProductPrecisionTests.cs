using LogitSeparation.Core.Models;
using LogitSeparation.Core.Training;
using Xunit;

namespace LogitSeparation.Core.Tests.Training;

public sealed class ProductPrecisionTests
{
    private static readonly TrainingOptions Options = new() { StepCount = 60, BatchSize = 16, HiddenUnit = [24], Device = TestDevice.Name };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("MLP", 60)]
    [InlineData("CNN", 3)]
    public void Rounded_products_lead_to_a_model_near_that_of_full_ones(string network, int steps)
    {
        var (full, rounded) = (Train(ProductPrecision.Full), Train(ProductPrecision.BFloat16));
        var (expected, actual) = (full.Weights["head.weight"].Values.ToArray(), rounded.Weights["head.weight"].Values.ToArray());
        var difference = Norm(expected.Zip(actual, (a, b) => a - b)) / Norm(expected);
        Assert.InRange(difference, 1e-7, 0.05);
        Assert.Contains(actual, value => (BitConverter.SingleToUInt32Bits((float)value) & 0xFFFF) != 0);

        Model Train(ProductPrecision precision) => ProductPrecisionTests.Train(
            Options with { Network = network, StepCount = steps, HiddenUnit = [8], LearningRate = [0.01], ProductPrecision = precision });

        static double Norm<T>(IEnumerable<T> values) => Math.Sqrt(values.Sum(value => Math.Pow(Convert.ToDouble(value), 2)));
    }

    [Fact]
    public void A_model_remembers_it_and_files_of_before_mean_full_products()
    {
        Assert.Equal((ProductPrecision.BFloat16, true), SaveAndLoad(ProductPrecision.BFloat16));
        Assert.Equal((ProductPrecision.Full, false), SaveAndLoad(ProductPrecision.Full));

        static (ProductPrecision Loaded, bool IsWritten) SaveAndLoad(ProductPrecision precision)
        {
            var path = Path.GetTempFileName();
            try
            {
                ModelFile.Export(Train(Options with { ProductPrecision = precision }), path, Stop);
                return (ModelFile.Import(path, Stop).Training.ProductPrecision, File.ReadAllText(path).Contains(nameof(TrainingOptions.ProductPrecision), StringComparison.OrdinalIgnoreCase));
            }
            finally
            {
                File.Delete(path);
            }
        }
    }

    [Fact]
    public void Tf32_needs_a_CUDA_device()
    {
        var error = Assert.Throws<SlcException>(() => Train(Options with { Device = "cpu", ProductPrecision = ProductPrecision.Tf32 }));
        Assert.Equal("InvalidTrainingOption", error.ErrorId);
        Assert.Contains("BFloat16 on the device cpu", error.Message);
    }

    private static Model Train(TrainingOptions options) =>
        Trainer.Train(SmallDataset.Create(), ["BatchCE"], new(), options, null, Stop).Single().Model!;
}

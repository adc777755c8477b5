using LogitSeparation.Core.Networks;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Networks;

public sealed class ProductArithmeticTests
{
    private static readonly ProductArithmetic Rounded = new(torch.ScalarType.BFloat16);

    [Fact]
    public void Operands_and_results_are_rounded_to_bfloat16()
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        var generator = new torch.Generator(3, device);
        var (a, b) = (torch.randn(5, 40, device: device, generator: generator), torch.randn(40, 7, device: device, generator: generator));
        var product = Rounded.Multiply(a, b);
        Assert.Equal(torch.ScalarType.Float32, product.dtype);
        var actual = product.cpu().data<float>().ToArray();
        var (x, y) = (Array.ConvertAll(a.cpu().data<float>().ToArray(), Round), Array.ConvertAll(b.cpu().data<float>().ToArray(), Round));
        for (var i = 0; i < 5; i++)
        {
            for (var j = 0; j < 7; j++)
            {
                var (sum, size) = (0.0, 0.0);
                for (var l = 0; l < 40; l++)
                {
                    var term = (double)x[i * 40 + l] * y[l * 7 + j];
                    (sum, size) = (sum + term, size + Math.Abs(term));
                }

                // The result is rounded once, by at most half a unit in the eighth bit; its sum in float32 is not exact either.
                Assert.Equal(sum, actual[i * 7 + j], (Math.Abs(sum) * Math.Pow(2, -8)) + (size * Math.Pow(2, -18)));
                Assert.Equal(Round(actual[i * 7 + j]), actual[i * 7 + j]);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.9)]
    public void What_products_are_added_to_loses_nothing(double beta)
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        var generator = new torch.Generator(4, device);
        var (a, b) = (torch.randn(3, 6, device: device, generator: generator), torch.randn(6, 4, device: device, generator: generator));
        var sum = torch.randn(3, 4, device: device, generator: generator);
        var expected = (sum.cpu().to(torch.float64) * torch.tensor(beta, dtype: torch.float64)) + Rounded.Multiply(a, b).cpu().to(torch.float64);
        Rounded.AddProduct(sum, a, b, beta);
        Assert.True((sum.cpu().to(torch.float64) - expected).abs().max().item<double>() < 1e-6);
    }

    [Fact]
    public void Gradients_of_a_rounded_convolution_arrive_in_the_parameters_type()
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        var generator = new torch.Generator(5, device);
        var pictures = torch.randn([2, 3, 6, 6], device: device, generator: generator);
        var kernels = torch.randn([4, 3, 3, 3], device: device, generator: generator).requires_grad_();
        var (rounded, exact) = (Gradient(Rounded), Gradient(ProductArithmetic.Exact));
        var difference = (rounded - exact).norm().item<float>() / exact.norm().item<float>();
        Assert.Equal(torch.ScalarType.Float32, rounded.dtype);
        Assert.InRange(difference, 1e-5, 0.02);

        torch.Tensor Gradient(ProductArithmetic products)
        {
            var maps = products.Convolve(pictures, kernels, [1, 1], [1, 1]);
            return torch.autograd.grad([maps.mul(maps).sum()], [kernels])[0];
        }
    }

    // To the nearest of the float32 numbers whose last 16 bits are zero; of two, the even one.
    private static float Round(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return BitConverter.UInt32BitsToSingle((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000);
    }
}

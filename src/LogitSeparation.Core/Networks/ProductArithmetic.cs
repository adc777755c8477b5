using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>
/// The products of a trunk in training. Operands and results are rounded to a shorter type where there is one; what goes in and
/// comes out is of the parameters' own type, so sums over steps and batches lose nothing.
/// </summary>
/// <param name="rounded">The shorter type; null for none.</param>
internal sealed class ProductArithmetic(torch.ScalarType? rounded = null)
{
    /// <summary>Nothing rounded.</summary>
    public static ProductArithmetic Exact { get; } = new();

    /// <summary>a b.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="b">n x p.</param>
    /// <returns>m x p.</returns>
    public torch.Tensor Multiply(torch.Tensor a, torch.Tensor b) => Compute(a, b, (first, second) => first.mm(second));

    /// <summary>The convolution of pictures with kernels.</summary>
    /// <param name="pictures">m x channels x height x width.</param>
    /// <param name="kernels">Maps x channels x height x width.</param>
    /// <param name="strides">How far the kernels move.</param>
    /// <param name="padding">The zeros around the pictures.</param>
    public torch.Tensor Convolve(torch.Tensor pictures, torch.Tensor kernels, long[] strides, long[] padding) =>
        Compute(pictures, kernels, (first, second) => torch.nn.functional.conv2d(first, second, strides: strides, padding: padding));

    /// <summary>sum ← beta sum + a b.</summary>
    /// <param name="sum">m x p.</param>
    /// <param name="a">m x n.</param>
    /// <param name="b">n x p.</param>
    /// <param name="beta">0 to 1.</param>
    public void AddProduct(torch.Tensor sum, torch.Tensor a, torch.Tensor b, double beta)
    {
        if (rounded is null)
        {
            sum.addmm_(a, b, (float)beta, 1);
            return;
        }

        using var product = Multiply(a, b);
        sum.MultiplyInPlace(beta).AddInPlace(product);
    }

    private torch.Tensor Compute(torch.Tensor a, torch.Tensor b, Func<torch.Tensor, torch.Tensor, torch.Tensor> product)
    {
        if (rounded is not { } type)
            return product(a, b);
        using var first = a.to(type);
        using var second = b.to(type);
        using var result = product(first, second);
        return result.to(a.dtype);
    }
}

using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// A table of numbers that a loss is computed with: the logits (m x k), the labels (m), and what becomes of them. Operations make new
/// tables, and the gradient by the logits is derived of them. Tables of different sizes are brought to match where a size is 1, so that
/// m x k minus m x 1 is m x k. Lives as long as the evaluation that it belongs to.
/// </summary>
public sealed class LossTensor
{
    internal LossTensor(torch.Tensor tensor) => Tensor = tensor;

    internal torch.Tensor Tensor { get; }

    /// <summary>The sizes; none for a single number.</summary>
    public IReadOnlyList<long> Shape => Tensor.shape;

    /// <summary>Entry by entry.</summary>
    public static LossTensor operator +(LossTensor x, LossTensor y) => new(x.Tensor.Plus(y.Tensor));

    /// <inheritdoc cref="op_Addition(LossTensor, LossTensor)"/>
    public static LossTensor operator +(LossTensor x, double y) => new(x.Tensor.Plus(y));

    /// <inheritdoc cref="op_Addition(LossTensor, LossTensor)"/>
    public static LossTensor operator +(double x, LossTensor y) => y + x;

    /// <inheritdoc cref="op_Addition(LossTensor, LossTensor)"/>
    public static LossTensor operator -(LossTensor x, LossTensor y) => new(x.Tensor - y.Tensor);

    /// <inheritdoc cref="op_Addition(LossTensor, LossTensor)"/>
    public static LossTensor operator -(LossTensor x, double y) => x + -y;

    /// <inheritdoc cref="op_Addition(LossTensor, LossTensor)"/>
    public static LossTensor operator -(double x, LossTensor y) => new(y.Tensor.neg().Plus(x));

    /// <summary>The negative of each entry.</summary>
    public static LossTensor operator -(LossTensor x) => new(x.Tensor.neg());

    /// <inheritdoc cref="op_Addition(LossTensor, LossTensor)"/>
    public static LossTensor operator *(LossTensor x, LossTensor y) => new(x.Tensor * y.Tensor);

    /// <inheritdoc cref="op_Addition(LossTensor, LossTensor)"/>
    public static LossTensor operator *(LossTensor x, double y) => new(x.Tensor.Times(y));

    /// <inheritdoc cref="op_Addition(LossTensor, LossTensor)"/>
    public static LossTensor operator *(double x, LossTensor y) => y * x;

    /// <inheritdoc cref="op_Addition(LossTensor, LossTensor)"/>
    public static LossTensor operator /(LossTensor x, LossTensor y) => new(x.Tensor / y.Tensor);

    /// <inheritdoc cref="op_Addition(LossTensor, LossTensor)"/>
    public static LossTensor operator /(LossTensor x, double y) => new(x.Tensor.DividedBy(y));

    /// <inheritdoc cref="op_Addition(LossTensor, LossTensor)"/>
    public static LossTensor operator /(double x, LossTensor y) => new(y.Tensor.reciprocal().Times(x));

    /// <summary>The logit of each example's own class: m x 1.</summary>
    /// <param name="labels">The m labels.</param>
    public LossTensor TrueLogit(LossTensor labels) => new(Tensor.gather(1, Index(labels)));

    /// <summary>The logits with negative infinity in place of each example's own class: m x k.</summary>
    /// <param name="labels">The m labels.</param>
    public LossTensor FalseLogit(LossTensor labels)
    {
        var index = Index(labels);
        return new(Tensor.scatter(1, index, TensorArithmetic.Filled(index.shape, double.NegativeInfinity, Tensor.dtype, Tensor.device)));
    }

    /// <summary>A table of the logits' size that is 1 for each example's own class, else 0.</summary>
    /// <param name="labels">The m labels.</param>
    public LossTensor OneHot(LossTensor labels)
    {
        var index = Index(labels);
        return new(torch.zeros_like(Tensor).scatter(1, index, TensorArithmetic.Filled(index.shape, 1, Tensor.dtype, Tensor.device)));
    }

    /// <summary>e^x.</summary>
    public LossTensor Exp() => new(Tensor.exp());

    /// <summary>The natural logarithm.</summary>
    public LossTensor Log() => new(Tensor.log());

    /// <summary>The square root.</summary>
    public LossTensor Sqrt() => new(Tensor.sqrt());

    /// <summary>x².</summary>
    public LossTensor Square() => new(Tensor * Tensor);

    /// <summary>x to a power.</summary>
    /// <param name="exponent">The power.</param>
    public LossTensor Pow(double exponent) => new(Tensor.Power(exponent));

    /// <summary>|x|.</summary>
    public LossTensor Abs() => new(Tensor.abs());

    /// <summary>1 / (1 + e^-x).</summary>
    public LossTensor Sigmoid() => new(Tensor.sigmoid());

    /// <summary>log(1 + e^x), without overflow.</summary>
    public LossTensor Softplus() => new(Losses.Softplus.Of(Tensor));

    /// <summary>The hyperbolic tangent.</summary>
    public LossTensor Tanh() => new(Tensor.tanh());

    /// <summary>max(0, x).</summary>
    public LossTensor Relu() => new(Tensor.relu());

    /// <summary>x limited to a range.</summary>
    /// <param name="least">The smallest value.</param>
    /// <param name="most">The largest.</param>
    public LossTensor Clamp(double least, double most) => new(Tensor.Clamped(least, most));

    /// <summary>The larger of two entries.</summary>
    /// <param name="other">The others.</param>
    public LossTensor Maximum(LossTensor other) => new(torch.maximum(Tensor, Other(other)));

    /// <summary>The smaller of two entries.</summary>
    /// <param name="other">The others.</param>
    public LossTensor Minimum(LossTensor other) => new(torch.minimum(Tensor, Other(other)));

    /// <summary>1 where an entry is above the other, else 0; without gradient.</summary>
    /// <param name="other">The others.</param>
    public LossTensor IsAbove(LossTensor other) => new(Tensor.gt(Other(other)).to(Tensor.dtype));

    /// <summary>The softmax of each row.</summary>
    public LossTensor Softmax() => new(Tensor.softmax(1));

    /// <summary>The logarithm of the softmax of each row.</summary>
    public LossTensor LogSoftmax() => new(Tensor.log_softmax(1));

    /// <summary>log Σ e^x over all entries.</summary>
    public LossTensor LogSumExp() => new(Tensor.flatten().logsumexp(0));

    /// <summary>log Σ e^x along a dimension, which stays with size 1.</summary>
    /// <param name="dimension">0 over the examples, 1 over the classes.</param>
    public LossTensor LogSumExp(int dimension) => new(Tensor.logsumexp(dimension, keepdim: true));

    /// <summary>The sum of all entries.</summary>
    public LossTensor Sum() => new(Tensor.sum());

    /// <summary>The sum along a dimension, which stays with size 1.</summary>
    /// <param name="dimension">0 over the examples, 1 over the classes.</param>
    public LossTensor Sum(int dimension) => new(Tensor.sum([dimension], keepdim: true));

    /// <summary>The mean of all entries.</summary>
    public LossTensor Mean() => new(Tensor.mean());

    /// <summary>The mean along a dimension, which stays with size 1.</summary>
    /// <param name="dimension">0 over the examples, 1 over the classes.</param>
    public LossTensor Mean(int dimension) => new(Tensor.mean([dimension], keepdim: true));

    /// <summary>The largest entry.</summary>
    public LossTensor Max() => new(Tensor.flatten().amax([0]));

    /// <summary>The largest entry along a dimension, which stays with size 1.</summary>
    /// <param name="dimension">0 over the examples, 1 over the classes.</param>
    public LossTensor Max(int dimension) => new(Tensor.amax([dimension], keepdim: true));

    /// <summary>The smallest entry.</summary>
    public LossTensor Min() => new(Tensor.flatten().amin([0]));

    /// <summary>The smallest entry along a dimension, which stays with size 1.</summary>
    /// <param name="dimension">0 over the examples, 1 over the classes.</param>
    public LossTensor Min(int dimension) => new(Tensor.amin([dimension], keepdim: true));

    /// <summary>Rows as columns, so that m x 1 and its transpose compare each example with each.</summary>
    public LossTensor Transpose() => new(Tensor.t());

    /// <summary>The same numbers without their gradient.</summary>
    public LossTensor Detach() => new(Tensor.detach());

    /// <inheritdoc/>
    public override string ToString() => Tensor.dim() == 0 ? "one number" : string.Join(" x ", Shape);

    private static torch.Tensor Index(LossTensor labels) => Other(labels).to(torch.int64).unsqueeze(1);

    private static torch.Tensor Other(LossTensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.Tensor;
    }
}

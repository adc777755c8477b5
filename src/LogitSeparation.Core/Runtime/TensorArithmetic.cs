using TorchSharp;

namespace LogitSeparation.Core.Runtime;

/// <summary>
/// The operations of tensors with numbers. TorchSharp turns a number into a native scalar on the way into an operation and hands
/// on its bare address; a garbage collection at that moment frees it, and the operation fails or reads another's memory. Here
/// every scalar is held until the operation is done, and freed then rather than by the finalizer. The core uses no others: a
/// test reads its instructions.
/// </summary>
internal static class TensorArithmetic
{
    /// <summary>x + a.</summary>
    public static torch.Tensor Plus(this torch.Tensor x, double a)
    {
        using Scalar scalar = a;
        using Scalar one = 1;
        return x.add(scalar, one);
    }

    /// <summary>x + a of whole numbers, which stay whole.</summary>
    public static torch.Tensor Shifted(this torch.Tensor x, long a)
    {
        using Scalar scalar = a;
        using Scalar one = 1;
        return x.add(scalar, one);
    }

    /// <summary>x + y, where the sizes may be brought to match.</summary>
    public static torch.Tensor Plus(this torch.Tensor x, torch.Tensor y)
    {
        using Scalar one = 1;
        return x.add(y, one);
    }

    /// <summary>a x.</summary>
    public static torch.Tensor Times(this torch.Tensor x, double a)
    {
        using Scalar scalar = a;
        return x.mul(scalar);
    }

    /// <summary>x / a.</summary>
    public static torch.Tensor DividedBy(this torch.Tensor x, double a)
    {
        using Scalar scalar = a;
        return x.div(scalar);
    }

    /// <summary>x ← x + a.</summary>
    public static torch.Tensor AddInPlace(this torch.Tensor x, double a)
    {
        using Scalar scalar = a;
        using Scalar one = 1;
        return x.add_(scalar, one);
    }

    /// <summary>x ← x + a y.</summary>
    public static torch.Tensor AddInPlace(this torch.Tensor x, torch.Tensor y, double a = 1)
    {
        using Scalar scalar = a;
        return x.add_(y, scalar);
    }

    /// <summary>x ← x - a.</summary>
    public static torch.Tensor SubtractInPlace(this torch.Tensor x, double a)
    {
        using Scalar scalar = a;
        return x.sub_(scalar);
    }

    /// <summary>x ← a x.</summary>
    public static torch.Tensor MultiplyInPlace(this torch.Tensor x, double a)
    {
        using Scalar scalar = a;
        return x.mul_(scalar);
    }

    /// <summary>x ← x / a.</summary>
    public static torch.Tensor DivideInPlace(this torch.Tensor x, double a)
    {
        using Scalar scalar = a;
        return x.div_(scalar);
    }

    /// <summary>x ← min(x, a).</summary>
    public static torch.Tensor LimitInPlace(this torch.Tensor x, double a)
    {
        using Scalar scalar = a;
        return x.clamp_(max: scalar);
    }

    /// <summary>x ← max(a, min(x, b)).</summary>
    public static torch.Tensor ClampInPlace(this torch.Tensor x, double a, double b)
    {
        using Scalar least = a;
        using Scalar most = b;
        return x.clamp_(least, most);
    }

    /// <summary>max(a, min(x, b)).</summary>
    public static torch.Tensor Clamped(this torch.Tensor x, double a, double b)
    {
        using Scalar least = a;
        using Scalar most = b;
        return x.clamp(least, most);
    }

    /// <summary>x to the power of a.</summary>
    public static torch.Tensor Power(this torch.Tensor x, double a)
    {
        using Scalar scalar = a;
        return x.pow(scalar);
    }

    /// <summary>x + a y z.</summary>
    public static torch.Tensor PlusProduct(this torch.Tensor x, torch.Tensor y, torch.Tensor z, double a = 1)
    {
        using Scalar scalar = a;
        return torch.addcmul(x, y, z, scalar);
    }

    /// <summary>x ← x + a y z.</summary>
    public static torch.Tensor AddProductInPlace(this torch.Tensor x, torch.Tensor y, torch.Tensor z, double a)
    {
        using Scalar scalar = a;
        return x.addcmul_(y, z, scalar);
    }

    /// <summary>x ← x + a y / z.</summary>
    public static torch.Tensor AddQuotientInPlace(this torch.Tensor x, torch.Tensor y, torch.Tensor z, double a)
    {
        using Scalar scalar = a;
        return x.addcdiv_(y, z, scalar);
    }

    /// <summary>Adds rows to those of the given indices, in place.</summary>
    public static torch.Tensor AddRowsInPlace(this torch.Tensor x, torch.Tensor index, torch.Tensor rows)
    {
        using Scalar one = 1;
        return x.index_add_(0, index, rows, one);
    }

    /// <summary>A tensor of one number throughout.</summary>
    public static torch.Tensor Filled(ReadOnlySpan<long> shape, double a, torch.ScalarType type, torch.Device device)
    {
        using Scalar scalar = a;
        return torch.empty(shape, dtype: type, device: device).fill_(scalar);
    }
}

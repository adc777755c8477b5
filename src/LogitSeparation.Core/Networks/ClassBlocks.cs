using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>
/// The head of a network, a block of classes at a time: a block's logits are made, what a loss makes of them becomes gradients, and
/// they are gone. So a step holds m x (a block's classes) logits at once, however many classes there are.
/// </summary>
/// <remarks>
/// The derivative by the logits of a block is a table times a factor for each example. Where the factors are final, gradients go where they
/// belong. Where one number for the whole batch is still missing, as with a normaliser over all its logits, they are gathered unscaled,
/// and scaled block by block when it is known.
/// </remarks>
internal sealed class ClassBlocks : IDisposable
{
    private readonly Head _head;
    private readonly int _size;
    private torch.Tensor? _unscaledWeight;
    private torch.Tensor? _unscaledBias;
    private torch.Tensor _features = null!;
    private double _beta;

    /// <summary>Divides the classes of a head.</summary>
    /// <param name="head">The head, whose parameters are in place.</param>
    /// <param name="size">The number of classes of each block but the last, at least 1.</param>
    public ClassBlocks(Head head, int size)
    {
        (_head, _size) = (head, size);
        Count = (int)((ClassCount + (long)size - 1) / size);
    }

    /// <summary>k.</summary>
    public int ClassCount => _head.Weight.Shape[0];

    /// <summary>The number of blocks.</summary>
    public int Count { get; }

    /// <summary>The classes of the batch: m, int64.</summary>
    public torch.Tensor Labels { get; private set; } = null!;

    /// <summary>The derivative by the features, as far as it is gathered: m x d.</summary>
    public torch.Tensor FeatureGradient { get; private set; } = null!;

    /// <summary>The number of a block's first class.</summary>
    public long First(int block) => (long)block * _size;

    /// <summary>Begins a step. Its tensors belong to the caller's scope.</summary>
    /// <param name="features">m x d.</param>
    /// <param name="labels">m classes, int64.</param>
    /// <param name="beta">What share of the parameters' gradients is kept, 0 to 1.</param>
    public void Begin(torch.Tensor features, torch.Tensor labels, double beta)
    {
        (_features, Labels, _beta) = (features, labels, beta);
        FeatureGradient = torch.zeros_like(features);
    }

    /// <summary>The logits of a block: m x (its number of classes).</summary>
    public torch.Tensor Logits(int block) =>
        torch.addmm(Part(_head.Bias.Value, block), _features, Part(_head.Weight.Value, block).t(), 1, 1);

    /// <summary>Gathers the gradients of a block.</summary>
    /// <param name="block">The block; each is gathered once.</param>
    /// <param name="table">m x (its number of classes).</param>
    /// <param name="factor">m x 1, of the features' type: the derivative by the logits is the product of both.</param>
    public void Gather(int block, torch.Tensor table, torch.Tensor factor)
    {
        Gather(Part(_head.Weight.Gradient, block), Part(_head.Bias.Gradient, block), table, factor, _beta);
        FeatureGradient.AddInPlace(table.mm(Part(_head.Weight.Value, block)).mul_(factor));
    }

    /// <summary>Gathers the gradients of a block but for a number, which <see cref="Scale(int, torch.Tensor)"/> brings.</summary>
    /// <param name="block">The block.</param>
    /// <param name="table">m x (its number of classes).</param>
    /// <param name="factor">m x 1.</param>
    /// <param name="shrinkage">What the derivatives by the features that came from the blocks before are multiplied by, 1 x 1.</param>
    public void GatherUnscaled(int block, torch.Tensor table, torch.Tensor factor, torch.Tensor shrinkage)
    {
        var (weight, bias) = Unscaled;
        Gather(Part(weight, block), Part(bias, block), table, factor, 0);
        FeatureGradient.mul_(shrinkage).AddInPlace(table.mm(Part(_head.Weight.Value, block)).mul_(factor));
    }

    /// <summary>Scales the gradients of a block that were gathered unscaled, and puts them where they belong.</summary>
    /// <param name="block">The block.</param>
    /// <param name="scale">A number, 1 x 1.</param>
    public void Scale(int block, torch.Tensor scale)
    {
        var (weight, bias) = Unscaled;
        Scale(Part(_head.Weight.Gradient, block), Part(weight, block), scale);
        Scale(Part(_head.Bias.Gradient, block), Part(bias, block), scale.squeeze(1));
    }

    /// <summary>Keeps β of the gradients, where nothing else is gathered but by <see cref="AddAt"/>.</summary>
    public void Fade()
    {
        Fade(_head.Weight.Gradient);
        Fade(_head.Bias.Gradient);
    }

    /// <summary>Adds the gradients of one logit an example, after those of all blocks.</summary>
    /// <param name="classes">The class of each example's logit: m, int64.</param>
    /// <param name="slope">The derivative by it: m x 1, of the features' type.</param>
    public void AddAt(torch.Tensor classes, torch.Tensor slope)
    {
        _head.Weight.Gradient.AddRowsInPlace(classes, _features * slope);
        _head.Bias.Gradient.AddRowsInPlace(classes, slope.squeeze(1));
        FeatureGradient.AddInPlace(_head.Weight.Value.index_select(0, classes).mul_(slope));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _unscaledWeight?.Dispose();
        _unscaledBias?.Dispose();
    }

    // Where nothing is kept of the gradients before, they are scaled where they lie.
    private (torch.Tensor Weight, torch.Tensor Bias) Unscaled
    {
        get
        {
            if (_beta == 0)
                return (_head.Weight.Gradient, _head.Bias.Gradient);
            _unscaledWeight ??= torch.empty_like(_head.Weight.Value).DetachFromDisposeScope();
            _unscaledBias ??= torch.empty_like(_head.Bias.Value).DetachFromDisposeScope();
            return (_unscaledWeight, _unscaledBias);
        }
    }

    private void Gather(torch.Tensor weight, torch.Tensor bias, torch.Tensor table, torch.Tensor factor, double beta)
    {
        weight.addmm_(table.t(), _features * factor, (float)beta, 1);
        bias.addmv_(table.t(), factor.squeeze(1), (float)beta, 1);
    }

    private void Scale(torch.Tensor target, torch.Tensor unscaled, torch.Tensor scale)
    {
        if (_beta == 0)
            target.mul_(scale);
        else
            target.MultiplyInPlace((float)_beta).AddProductInPlace(unscaled, scale, 1);
    }

    private void Fade(torch.Tensor gradient)
    {
        if (_beta == 0)
            gradient.zero_();
        else
            gradient.MultiplyInPlace((float)_beta);
    }

    private torch.Tensor Part(torch.Tensor rows, int block) =>
        rows.narrow(0, First(block), Math.Min(_size, ClassCount - First(block)));
}

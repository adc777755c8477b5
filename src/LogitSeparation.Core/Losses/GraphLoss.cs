using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>A loss whose gradient libtorch derives: the user's own, of whose code only the value is known.</summary>
/// <param name="name">Its name, for messages.</param>
internal abstract class GraphLoss(string name) : Loss
{
    protected sealed override bool GoesByRows => false;

    protected sealed override double EvaluateRows(RowBatch batch, long step) =>
        throw new NotSupportedException("A graph is made of whole tables alone.");

    protected sealed override LossValue EvaluateTable(torch.Tensor logits, torch.Tensor labels, long step)
    {
        using var graph = torch.enable_grad();
        var leaves = Leaves(logits);
        foreach (var leaf in leaves)
            leaf.grad = null;

        // Another name for the same memory, at which the graph ends.
        var z = logits.detach();
        z.requires_grad = true;
        var value = Compute(z, labels);
        if (value.numel() != 1)
            throw Invalid(name, $"gives {string.Join(" x ", value.shape)} numbers and not one: take their mean");
        if (!value.requires_grad)
            throw Invalid(name, "does not depend on the logits: compute it of them, with the operations that they have");
        value = value.flatten().squeeze();
        value.backward();
        using var noGrad = torch.no_grad();
        var gradient = z.grad ?? torch.zeros_like(logits);
        var own = leaves.Select(leaf => (leaf.grad ?? torch.zeros_like(leaf)).flatten()).ToArray();
        return new(value.detach().to(torch.float64), gradient) { Own = own.Length == 0 ? null : torch.cat(own) };
    }

    /// <summary>The error of a loss that cannot be used.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="what">What it does.</param>
    /// <param name="cause">What was thrown.</param>
    public static SlcException Invalid(string name, string what, Exception? cause = null) => new("LossInvalid", SlcErrorKind.InvalidArgument,
        $"The loss {name} {what}. A loss makes one number of m x k logits and m labels (Get-Help about_Slc_Losses).", name, cause);

    /// <summary>The loss, one number.</summary>
    /// <param name="logits">m x k.</param>
    /// <param name="labels">m class indices, int64.</param>
    protected abstract torch.Tensor Compute(torch.Tensor logits, torch.Tensor labels);

    /// <summary>The tensors of <see cref="Loss.Parameters"/> that the graph derives by too, of the logits' type and device.</summary>
    protected virtual IReadOnlyList<torch.Tensor> Leaves(torch.Tensor logits) => [];
}

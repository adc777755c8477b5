using System.Numerics.Tensors;

namespace LogitSeparation.Core.Losses;

/// <summary>The largest false logit of a row, which the max-margin losses are made of.</summary>
/// <param name="FalseLogit">max_{j≠y} z_j; negative infinity where there is one class only.</param>
/// <param name="FalseIndex">Where it stands, the first of equal ones; -1 where there is one class only.</param>
internal readonly record struct RowMargin(float FalseLogit, int FalseIndex)
{
    /// <summary>The largest logit of a row that has no true one, as a part of a row may.</summary>
    /// <param name="logits">At least one.</param>
    public static RowMargin Largest(ReadOnlySpan<float> logits)
    {
        var index = TensorPrimitives.IndexOfMax(logits);
        return new(logits[index], index);
    }

    /// <summary>Finds it.</summary>
    /// <param name="logits">k logits.</param>
    /// <param name="label">y.</param>
    public static RowMargin Find(ReadOnlySpan<float> logits, int label)
    {
        var after = logits[(label + 1)..];
        var left = TensorPrimitives.IndexOfMax(logits[..label]);
        var right = TensorPrimitives.IndexOfMax(after);
        if (right < 0)
            return left < 0 ? new(float.NegativeInfinity, -1) : new(logits[left], left);

        // A NaN is the largest of all, as IndexOfMax has it: the loss becomes NaN, and the training notices.
        return left < 0 || after[right] > logits[left] || float.IsNaN(after[right])
            ? new(after[right], label + 1 + right)
            : new(logits[left], left);
    }
}

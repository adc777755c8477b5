using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// The batch max-margin loss (Definition 5.2): 1/m max(0, γ - z₊ + z₋) + 1/m Σ ℓ(z(x), y), where z₊ is the smallest true and
/// z₋ the largest false logit of the batch, and ℓ is Eq. 2. Aligned (A.4).
/// </summary>
/// <param name="gamma">γ, above 0.</param>
internal sealed class BatchMaxMargin(double gamma) : Loss
{
    public static LossInfo Info { get; } = new(
        "BatchMaxMargin", "batch max-margin", "1/m max(0, Gamma - z_+ + z_-) + 1/m sum_i MaxMargin_i,  z_+ = min true, z_- = max false logit",
        "Definition 5.2", Aligned: true, new[] { "Gamma" });

    /// <summary>Nothing is done in float32.</summary>
    /// <inheritdoc/>
    internal override double? Shortfall(double exact, LossRounding rounding) => 0;

    /// <inheritdoc/>
    internal override BlockedLoss? InBlocks => new BlockedMaxMargin(gamma, hasBatchTerm: true);

    protected override double EvaluateRows(RowBatch batch, long step)
    {
        var (m, k) = (batch.Count, batch.ClassCount);
        var margins = new RowMargin[m];
        var (trueLogits, labels) = (new float[m], new int[m]);
        var violations = batch.Evaluate((row, z, y, gradient) =>
        {
            gradient.Clear();
            (margins[row], trueLogits[row], labels[row]) = (RowMargin.Find(z, y), z[y], y);
            return Math.Max(0, gamma + ((double)margins[row].FalseLogit - z[y]));
        });
        var lowest = TensorPrimitives.IndexOfMin(trueLogits);
        var highest = TensorPrimitives.IndexOfMax(Array.ConvertAll(margins, margin => margin.FalseLogit));
        var batchViolation = Math.Max(0, gamma + ((double)margins[highest].FalseLogit - trueLogits[lowest]));

        var table = MemoryMarshal.Cast<byte, float>(batch.Gradient.bytes);
        var share = 1f / m;
        for (var row = 0; row < m; row++)
        {
            if (violations[row] > 0)
                Add(table, row, labels[row], row, margins[row].FalseIndex);
        }

        if (batchViolation > 0)
            Add(table, lowest, labels[lowest], highest, margins[highest].FalseIndex);
        return RowBatch.Mean(violations) + (batchViolation / m);

        void Add(Span<float> gradient, int trueRow, int trueClass, int falseRow, int falseClass)
        {
            gradient[(trueRow * k) + trueClass] -= share;
            gradient[(falseRow * k) + falseClass] += share;
        }
    }

    protected override LossValue EvaluateTable(torch.Tensor logits, torch.Tensor labels, long step)
    {
        var m = logits.shape[0];
        var margins = new BatchMargins(logits, labels);
        var violation = margins.Violation(gamma).relu_();
        var (lowestTrue, lowestRow) = margins.TrueLogit.min(0, keepdim: true);
        var (highestFalse, highestRow) = margins.FalseLogit.max(0, keepdim: true);
        var batchViolation = (highestFalse.to(torch.float64) - lowestTrue).AddInPlace(gamma).relu_();

        var slope = violation.sign().DivideInPlace(m);
        var batchSlope = batchViolation.sign().DivideInPlace(m);
        var trueSlope = slope.neg().scatter_add_(0, lowestRow, batchSlope.neg());
        var falseSlope = slope.scatter_add_(0, highestRow, batchSlope);
        var value = violation.mean().AddInPlace(batchViolation.DivideInPlace(m).squeeze());
        return new(value, margins.Gradient(trueSlope, falseSlope));
    }
}

using System.Buffers;
using System.Runtime.InteropServices;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// Smooth-AP (Brown et al. 2020) of all logits of a batch together: one minus the average precision of its m true logits among its m k
/// logits, with the steps in the ranks replaced by σ(x/τ). With R⁺_i = 1 + Σ_{j≠i} σ((t_j - t_i)/τ) over the true logits and
/// R⁻_i = Σ_f σ((f - t_i)/τ) over the false ones, the loss is 1/m Σ_i R⁻_i / R_i, R_i = R⁺_i + R⁻_i. It goes to one minus the average
/// precision as τ falls. Aligned, since it compares every true logit with every false one.
/// </summary>
/// <remarks>
/// With σ' = σ(1 - σ), c_i = R⁺_i / (m τ R_i²) and p_i = R⁻_i / (m τ R_i²): a false logit f has the slope Σ_i c_i σ'((f - t_i)/τ), a true one
/// t_i has p_i Σ_j σ'_ij - c_i Σ_f σ'_if - Σ_j p_j σ'_ji. A step takes m² k exponentials.
/// </remarks>
/// <param name="temperature">τ, above 0. The paper's 0.01 is for cosines; logits are larger.</param>
internal sealed class SmoothAveragePrecision(double temperature) : Loss
{
    /// <summary>How many numbers a block of comparisons has: 8 MiB of them in float64.</summary>
    private const long BlockLength = 1 << 20;

    public static LossInfo Info { get; } = new(
        "SmoothAP", "smooth average precision", "1 - 1/m sum_i R+_i / (R+_i + R-_i),  R = smooth ranks of a true logit among the batch's true, false ones",
        "Brown et al. 2020 (Smooth-AP), over all logits of the batch", Aligned: true, new[] { "Temperature" }, LossOrigin.Literature);

    /// <summary>Each R is off by a share of it, and the ratio by two; all sums are in float64.</summary>
    /// <inheritdoc/>
    internal override double? Shortfall(double exact, LossRounding rounding) => rounding.LogisticRatio * exact;

    protected override double EvaluateRows(RowBatch batch, long step)
    {
        var m = batch.Count;
        var inverse = (float)(1 / temperature);
        var (trueLogits, labels) = (new float[m], new int[m]);
        batch.Evaluate((row, z, y, _) =>
        {
            (trueLogits[row], labels[row]) = (z[y], y);
            return 0;
        });

        // What each row of the table adds to R⁻ of each true logit; a true logit itself is put where it adds nothing.
        var ranks = new double[m * m];
        batch.Evaluate((row, z, y, masked) =>
        {
            z.CopyTo(masked);
            masked[y] = float.NegativeInfinity;
            for (var i = 0; i < m; i++)
                ranks[(row * m) + i] = RowRank.Sum(masked, trueLogits[i], inverse);
            return 0;
        });
        var (values, falseWeights, trueWeights) = (new double[m], new double[m], new double[m]);
        for (var i = 0; i < m; i++)
        {
            // σ(0) of the logit itself is 1/2 of the 1 that it counts.
            var trueRank = RowRank.Sum(trueLogits, trueLogits[i], inverse) + 0.5;
            var falseRank = Column(ranks, i);
            var rank = trueRank + falseRank;
            values[i] = falseRank / rank;
            (falseWeights[i], trueWeights[i]) = (trueRank / rank / rank / (m * temperature), falseRank / rank / rank / (m * temperature));
        }

        AddSlopes(batch, trueLogits, labels, inverse, falseWeights, trueWeights);
        return RowBatch.Mean(values);
    }

    protected override LossValue EvaluateTable(torch.Tensor logits, torch.Tensor labels, long step)
    {
        var (m, k) = (logits.shape[0], logits.shape[1]);
        var index = labels.unsqueeze(1);
        var trueLogits = logits.gather(1, index);
        var falseLogits = logits.scatter(1, index, TensorArithmetic.Filled(index.shape, double.NegativeInfinity, logits.dtype, logits.device));
        var gradient = torch.zeros_like(logits);
        var trueGradient = torch.zeros(m, dtype: logits.dtype, device: logits.device);
        var sum = torch.zeros(1, dtype: torch.float64, device: logits.device);
        var rows = Math.Clamp(BlockLength / (m * k), 1, m);
        for (var first = 0L; first < m; first += rows)
        {
            using var scope = torch.NewDisposeScope();
            AddBlock(first, Math.Min(rows, m - first));
        }

        gradient.scatter_(1, index, trueGradient.unsqueeze(1));
        return new(sum.DivideInPlace(m).squeeze(), gradient);

        // The ranks of a few true logits, what they add to the loss, and their slopes.
        void AddBlock(long first, long count)
        {
            var own = trueLogits.narrow(0, first, count);
            var falseShare = (falseLogits.unsqueeze(0) - own.unsqueeze(2)).DivideInPlace(temperature).sigmoid_();
            var trueShare = (trueLogits.t() - own).DivideInPlace(temperature).sigmoid_();
            var falseRank = falseShare.sum([1, 2], type: torch.float64);
            var trueRank = trueShare.sum([1], type: torch.float64).AddInPlace(0.5);
            var rank = falseRank.Plus(trueRank);
            var share = falseRank / rank;
            sum.AddInPlace(share.sum());
            var falseWeight = (trueRank / rank).div_(rank).DivideInPlace(m * temperature).to(logits.dtype);
            var trueWeight = share.div_(rank).DivideInPlace(m * temperature).to(logits.dtype);
            var falseSlope = (falseShare - (falseShare * falseShare)).mul_(falseWeight.view(count, 1, 1));
            var trueSlope = (trueShare - (trueShare * trueShare)).mul_(trueWeight.view(count, 1));
            gradient.AddInPlace(falseSlope.sum([0]));
            trueGradient.sub_(trueSlope.sum([0]));
            trueGradient.narrow(0, first, count).AddInPlace(trueSlope.sum([1])).sub_(falseSlope.sum([1, 2]));
        }
    }

    private static void AddSlopes(
        RowBatch batch, float[] trueLogits, int[] labels, float inverse, double[] falseWeights, double[] trueWeights)
    {
        var (m, k) = (batch.Count, batch.ClassCount);
        var falseSlopes = new double[m * m];
        var trueSlopes = new double[m];
        batch.Evaluate((row, z, y, gradient) =>
        {
            var masked = ArrayPool<float>.Shared.Rent(k);
            z.CopyTo(masked);
            masked[y] = float.NegativeInfinity;
            gradient.Clear();
            for (var i = 0; i < m; i++)
                falseSlopes[(row * m) + i] = RowRank.AddSlopes(masked.AsSpan(0, k), trueLogits[i], inverse, (float)falseWeights[i], gradient);
            ArrayPool<float>.Shared.Return(masked);
            for (var j = 0; j < m; j++)
                trueSlopes[row] += (trueWeights[row] - trueWeights[j]) * RowRank.Slope((trueLogits[j] - trueLogits[row]) * inverse);
            return 0;
        });
        var table = MemoryMarshal.Cast<byte, float>(batch.Gradient.bytes);
        for (var i = 0; i < m; i++)
            table[(i * k) + labels[i]] = (float)(trueSlopes[i] - Column(falseSlopes, i));
    }

    private static double Column(double[] table, int column)
    {
        var sum = 0.0;
        var m = (int)Math.Sqrt(table.Length);
        for (var row = 0; row < m; row++)
            sum += table[(row * m) + column];
        return sum;
    }
}

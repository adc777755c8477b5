using LogitSeparation.Core.Losses;

namespace LogitSeparation.Core.Latency;

/// <summary>log Σ_j exp(z_j) of several examples whose logits come in blocks: the largest so far, and a sum in float64 relative to it.</summary>
internal sealed class LogSums
{
    private double[] _largest = [double.NegativeInfinity];
    private double[] _sum = [0];
    private float[] _exponentials = [];

    /// <summary>Forgets what there was.</summary>
    /// <param name="count">The number of examples.</param>
    public void Reset(int count)
    {
        if (_sum.Length < count)
            (_largest, _sum) = (new double[count], new double[count]);
        _largest.AsSpan(0, count).Fill(double.NegativeInfinity);
        _sum.AsSpan(0, count).Clear();
    }

    /// <summary>Takes some logits of an example.</summary>
    /// <param name="example">0 … n-1.</param>
    /// <param name="logits">At least one.</param>
    public void Add(int example, ReadOnlySpan<float> logits)
    {
        if (_exponentials.Length < logits.Length)
            _exponentials = new float[logits.Length];
        var block = RowSoftmax.Exponentiate(logits, _exponentials.AsSpan(0, logits.Length));
        ref var sum = ref _sum[example];
        ref var largest = ref _largest[example];
        if (block.Largest > largest)
        {
            sum = (sum * Math.Exp(largest - block.Largest)) + block.Sum;
            largest = block.Largest;
        }
        else
        {
            sum += block.Sum * Math.Exp(block.Largest - largest);
        }
    }

    /// <summary>log p of a logit: z - log Σ_j exp(z_j), its difference from the largest first, so that large logits cancel exactly.</summary>
    /// <param name="example">0 … n-1.</param>
    /// <param name="logit">z.</param>
    public double LogProbability(int example, double logit) => (logit - _largest[example]) - Math.Log(_sum[example]);
}

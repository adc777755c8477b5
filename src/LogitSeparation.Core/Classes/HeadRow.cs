namespace LogitSeparation.Core.Classes;

/// <summary>One row of a head: z = w·h + b.</summary>
/// <param name="Weight">w, d numbers.</param>
/// <param name="Bias">b.</param>
internal sealed record HeadRow(float[] Weight, float Bias)
{
    /// <summary>The logits of examples.</summary>
    public float[] Logits(FeatureTable features)
    {
        var logits = new float[features.Count];
        for (var i = 0; i < logits.Length; i++)
            logits[i] = RowProducts.Dot(features.Row(i), Weight) + Bias;
        return logits;
    }

    /// <summary>a z + c in place of z.</summary>
    public HeadRow Map(double a, double c) => new(Array.ConvertAll(Weight, w => (float)(a * w)), (float)((a * Bias) + c));
}

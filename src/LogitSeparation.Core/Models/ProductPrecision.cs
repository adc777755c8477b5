namespace LogitSeparation.Core.Models;

/// <summary>How exactly the products of a trunk are computed in training; all else is float32: weights, normalisation, head and loss.</summary>
public enum ProductPrecision
{
    /// <summary>Float32 throughout, also on devices whose libraries would round operands by default.</summary>
    Full,

    /// <summary>Operands of products rounded to 10 bits after the point where a CUDA device has such units (TF32), the head's too.</summary>
    Tf32,

    /// <summary>
    /// Operands and results of the trunk's products rounded to bfloat16, with float32 master weights (Micikevicius et al. 2018, section 3.1,
    /// without the scaling of the loss that float16 needs).
    /// </summary>
    BFloat16,
}

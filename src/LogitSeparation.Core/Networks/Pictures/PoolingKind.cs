namespace LogitSeparation.Core.Networks.Pictures;

/// <summary>What pooling keeps of a window.</summary>
internal enum PoolingKind
{
    /// <summary>The largest value.</summary>
    Largest,

    /// <summary>The mean, zeros at the edges included.</summary>
    Mean,
}

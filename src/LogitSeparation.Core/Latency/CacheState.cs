namespace LogitSeparation.Core.Latency;

/// <summary>Where the weights are before a call.</summary>
public enum CacheState
{
    /// <summary>The same class was asked for just before.</summary>
    Warm,

    /// <summary>The caches were filled with other memory since the last call; the example's features are read again, as they come fresh from a trunk.</summary>
    Cold,
}

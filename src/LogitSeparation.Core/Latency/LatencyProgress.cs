namespace LogitSeparation.Core.Latency;

/// <summary>How far the measuring is.</summary>
/// <param name="Done">The measurements that are made.</param>
/// <param name="Total">All of them.</param>
/// <param name="Status">What comes now.</param>
public sealed record LatencyProgress(int Done, int Total, string Status);

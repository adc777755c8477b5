namespace LogitSeparation.Core.Indexing;

/// <summary>Some rows of a segment, which one thread reads.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="First">The first row in it.</param>
/// <param name="Count">The number of rows.</param>
internal readonly record struct IndexPart(IndexSegment Segment, int First, int Count);

/// <summary>A logit above its threshold.</summary>
/// <param name="Row">The row in its segment.</param>
/// <param name="Query">Which query.</param>
/// <param name="Logit">The logit.</param>
internal readonly record struct IndexHit(int Row, int Query, float Logit);

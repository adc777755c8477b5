namespace LogitSeparation.Core.Data;

/// <summary>Which examples a batch has.</summary>
/// <param name="Indices">Their indices in the split.</param>
/// <param name="Seeds">One seed an example, by which it is read as training sees it; null where it is read as evaluation does.</param>
internal sealed record BatchPlan(int[] Indices, ulong[]? Seeds);

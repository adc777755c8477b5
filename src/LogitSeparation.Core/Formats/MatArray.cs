namespace LogitSeparation.Core.Formats;

/// <summary>A real array of a MATLAB file: the first index runs fastest.</summary>
/// <param name="Name">The variable's name.</param>
/// <param name="Shape">The length of each dimension, two or more.</param>
/// <param name="Values">The elements as they were stored, which may be a smaller type than the variable's: MATLAB packs whole numbers.</param>
internal sealed record MatArray(string Name, int[] Shape, Array Values);

namespace LogitSeparation.Core.Formats;

/// <summary>A tensor of floats that was left in its file.</summary>
/// <param name="Shape">The length of each dimension.</param>
/// <param name="ElementSize">4 for float32, 8 for float64.</param>
/// <param name="Offset">Its first byte in the file.</param>
/// <param name="FileLength">The file's length.</param>
internal sealed record SafeTensorPlace(int[] Shape, int ElementSize, long Offset, long FileLength);

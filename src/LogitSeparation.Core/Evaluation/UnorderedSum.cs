using System.Numerics;
using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// A sum of numbers in 0 … 1 that is the same in whatever order they stand: rows that hold the same logits in other columns have
/// scores that tie to the last bit. Each number is rounded to a multiple of 2^-51, and what that leaves to one of 2^-102; both parts
/// are added as integers, which is exact.
/// </summary>
internal static class UnorderedSum
{
    /// <summary>A number from here to 4 has the unit 2^-51 in its last bit: added to it, a number in 0 … 1 is rounded to that.</summary>
    private const double Coarse = 2;
    private const double CoarseUnit = 1.0 / (1L << 51);

    /// <summary>1.5 x 2^-50: numbers from 2^-50 to twice that have the unit 2^-102, and what is left, at most 2^-52 to either side, stays among them.</summary>
    private const double Fine = 1.5 * 2 * CoarseUnit;
    private const double FineUnit = CoarseUnit * CoarseUnit;

    /// <summary>So many integers up to 2^51 fit in 63 bits.</summary>
    private const int MostVectors = 1 << 11;

    private static readonly long CoarseBits = BitConverter.DoubleToInt64Bits(Coarse);
    private static readonly long FineBits = BitConverter.DoubleToInt64Bits(Fine);

    /// <summary>Adds up.</summary>
    /// <param name="values">Numbers in 0 … 1.</param>
    public static double Of(ReadOnlySpan<double> values)
    {
        var (coarse, fine) = (Int128.Zero, Int128.Zero);
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        for (var from = 0; from < vectors.Length; from += MostVectors)
        {
            var (high, low) = (Vector<long>.Zero, Vector<long>.Zero);
            foreach (var value in vectors.Slice(from, Math.Min(MostVectors, vectors.Length - from)))
            {
                var shifted = value + new Vector<double>(Coarse);
                high += Vector.AsVectorInt64(shifted) - new Vector<long>(CoarseBits);
                low += Vector.AsVectorInt64(value - (shifted - new Vector<double>(Coarse)) + new Vector<double>(Fine)) - new Vector<long>(FineBits);
            }

            for (var lane = 0; lane < Vector<long>.Count; lane++)
                (coarse, fine) = (coarse + high[lane], fine + low[lane]);
        }

        foreach (var value in values[(vectors.Length * Vector<double>.Count)..])
        {
            var shifted = value + Coarse;
            coarse += BitConverter.DoubleToInt64Bits(shifted) - CoarseBits;
            fine += BitConverter.DoubleToInt64Bits(value - (shifted - Coarse) + Fine) - FineBits;
        }

        return (double)coarse * CoarseUnit + (double)fine * FineUnit;
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LogitSeparation.Core.Evaluation.Statistics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>What is found in each row by itself: the largest false logit, and where the true one ranks.</summary>
/// <param name="count">The number of examples, n.</param>
internal sealed class RowFindings<T>(int count)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Place[] _places = new Place[count];
    private UniformAccuracy? _uniform;

    private enum Place : byte
    {
        Behind,
        TopFive,
        First,
    }

    /// <summary>n largest false logits, max over j ≠ y of z_j; negative infinity where k = 1.</summary>
    public T[] LargestFalse { get; } = new T[count];

    /// <summary>Whether the arg max of an example (the first of equals) is its label.</summary>
    /// <param name="example">0 … n-1.</param>
    public bool IsCorrect(int example) => _places[example] == Place.First;

    /// <summary>Whether fewer than five logits of an example are before the true one; of equals, the earlier column comes before.</summary>
    /// <param name="example">0 … n-1.</param>
    public bool IsTopFive(int example) => _places[example] != Place.Behind;

    /// <summary>What one threshold gets right, once all rows are added; found once.</summary>
    /// <param name="trueScores">n true scores.</param>
    public UniformAccuracy Uniform(T[] trueScores) => _uniform ??= UniformAccuracy.Of<T>(trueScores, LargestFalse);

    /// <summary>Adds rows; several threads may do so at once.</summary>
    /// <param name="rows">The rows.</param>
    /// <returns>The first row that holds a NaN, counted from the group's first; null where none does.</returns>
    public int? Add(in RowGroup<T> rows)
    {
        for (var row = 0; row < rows.Count; row++)
        {
            var z = rows.Row(row);
            var y = rows.Labels[row];
            var before = Largest(z[..y]);
            var after = Largest(z[(y + 1)..]);
            if (T.IsNaN(z[y]) || T.IsNaN(before) || T.IsNaN(after))
                return row;
            LargestFalse[rows.FirstExample + row] = before > after ? before : after;
            var isFirst = (y == 0 || before < z[y]) && after <= z[y];
            _places[rows.FirstExample + row] = isFirst ? Place.First
                : z.Length <= TrueRanks.Most || TrueRanks.Rank(z, y) < TrueRanks.Most ? Place.TopFive
                : Place.Behind;
        }

        return null;
    }

    /// <summary>The largest; NaN where there is one. Compiled at once for speed, as all that visits every logit is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Largest(ReadOnlySpan<T> z)
    {
        var largest = T.NegativeInfinity;
        var isNumber = true;
        var vectors = MemoryMarshal.Cast<T, Vector256<T>>(z);
        if (vectors.Length > 0)
        {
            var lanes = Vector256.Create(T.NegativeInfinity);
            var numbers = Vector256.Equals(lanes, lanes);
            foreach (var vector in vectors)
            {
                lanes = Vector256.ConditionalSelect(Vector256.GreaterThan(vector, lanes), vector, lanes);
                numbers &= Vector256.Equals(vector, vector);
            }

            isNumber = Vector256.EqualsAll(numbers.AsByte(), Vector256<byte>.AllBitsSet);
            for (var lane = 0; lane < Vector256<T>.Count; lane++)
                largest = lanes[lane] > largest ? lanes[lane] : largest;
        }

        foreach (var logit in z[(vectors.Length * Vector256<T>.Count)..])
        {
            largest = logit > largest ? logit : largest;
            isNumber &= !T.IsNaN(logit);
        }

        return isNumber ? largest : T.NaN;
    }
}

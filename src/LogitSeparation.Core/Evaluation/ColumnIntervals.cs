using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>The intervals of as many neighbouring classes as a vector has lanes, each lane with those of its class.</summary>
/// <param name="From">Each class's <see cref="EqualIntervals{T}.From"/>.</param>
/// <param name="Scale">Each class's <see cref="EqualIntervals{T}.Scale"/>.</param>
/// <param name="Last">Each class's <see cref="EqualIntervals{T}.Last"/>.</param>
/// <param name="First">Each class's first interval among those of all classes.</param>
internal readonly record struct ColumnIntervals<T>(Vector256<T> From, Vector256<T> Scale, Vector256<T> Last, Vector256<int> First)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The intervals of scores.</summary>
    /// <param name="scores">A score for each class, none NaN.</param>
    /// <returns>As many intervals as there are lanes; what follows them means nothing.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<int> Of(Vector256<T> scores) => EqualIntervals<T>.Of(scores, From, Scale, Last) + First;
}

using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Evaluation;

/// <summary>What is known of the negative scores in one bin; both numbers in one place, as they are always needed together.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GapBin<T>
    where T : unmanaged
{
    /// <summary>How many there are.</summary>
    public int Count;

    /// <summary>The highest; negative infinity where there is none.</summary>
    public T Highest;
}

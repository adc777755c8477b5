namespace LogitSeparation.Core.Networks;

/// <summary>How many examples go through a network at once where nothing is trained: so that no table takes more than 64 MiB.</summary>
internal static class BlockRows
{
    private const long LargestTable = 64 << 20;

    /// <summary>The number of rows of a table of float32.</summary>
    /// <param name="most">The number for short rows.</param>
    /// <param name="length">The numbers of a row.</param>
    public static int Within(int most, long length) => (int)Math.Clamp(LargestTable / (sizeof(float) * length), 1, most);
}

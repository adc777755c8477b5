using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LogitSeparation.Core.Inference;

namespace LogitSeparation.Core.Latency;

/// <summary>Fills the caches with memory that nobody asks for, by reading several times as much as the largest of them holds.</summary>
internal sealed unsafe class CacheFlush : IDisposable
{
    private const int LineBytes = 64;
    private const int TimesAsMuch = 4;
    private const long Usual = 64L << 20;
    private const long Most = 512L << 20;
    private const string CacheFolder = "/sys/devices/system/cpu/cpu0/cache";

    private readonly nint _length;
    private long* _first;
    private double _sum;

    /// <summary>Reserves the memory, and writes it, so that each of its pages is its own.</summary>
    public CacheFlush()
    {
        _length = (nint)Math.Clamp(TimesAsMuch * LargestCache(), Usual, Most);
        _first = (long*)NativeMemory.AlignedAlloc((nuint)_length, LineBytes);
        for (nint i = 0; i < _length / sizeof(long); i++)
            _first[i] = i;
    }

    /// <summary>Reads it all, and then what is to be in the caches.</summary>
    /// <param name="kept">Some examples' features, as a trunk leaves them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(FeatureRows kept)
    {
        var sum = 0L;
        for (nint i = 0; i < _length / sizeof(long); i += LineBytes / sizeof(long))
            sum += _first[i];
        var features = 0f;
        for (var example = 0; example < kept.Count; example++)
        {
            for (nint f = 0; f < kept.Stride; f++)
                features += kept[example][f];
        }

        // Sums that are kept have to be computed.
        _sum += sum + features;
    }

    /// <summary>What was read, so that it was read.</summary>
    public double Sum => _sum;

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_first);
        _first = null;
    }

    // 0 where the system does not say.
    private static long LargestCache()
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists(CacheFolder))
            return 0;
        try
        {
            return Directory.EnumerateDirectories(CacheFolder, "index*").Select(folder => Bytes(File.ReadAllText(Path.Combine(folder, "size")))).DefaultIfEmpty(0).Max();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static long Bytes(string text)
    {
        var trimmed = text.Trim();
        var shift = trimmed.EndsWith('K') ? 10 : trimmed.EndsWith('M') ? 20 : 0;
        return long.TryParse(trimmed.TrimEnd('K', 'M'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number << shift : 0;
    }
}

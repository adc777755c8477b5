using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Indexing.Graphs;

/// <summary>
/// The C interface of USearch (https://github.com/unum-cloud/usearch, c/usearch.h), of which only the native libraries are used: the package's managed layer
/// lets neither the effort of a search be set nor a graph be read from memory, which is where it can be checked first.
/// </summary>
internal static unsafe partial class UsearchLibrary
{
    /// <summary>The inner product, as a distance: one minus it.</summary>
    public const int InnerProduct = 2;

    /// <summary>Vectors of float32.</summary>
    public const int Single = 1;

    /// <summary>Vectors of float16.</summary>
    public const int Half = 3;

    private const string Name = "libusearch_c";

    private static readonly Lazy<SlcException?> Failure = new(Load);

    /// <summary>Loads the libraries, by full path, that which the other needs first.</summary>
    /// <exception cref="SlcException"><c>GraphLibraryNotLoaded</c>.</exception>
    public static void EnsureLoaded()
    {
        if (Failure.Value is { } failure)
            throw failure;
    }

    /// <summary>Makes an empty graph.</summary>
    [LibraryImport(Name, EntryPoint = "usearch_init")]
    public static partial nint Create(in GraphOptions options, ref nint error);

    /// <summary>Frees a graph.</summary>
    [LibraryImport(Name, EntryPoint = "usearch_free")]
    public static partial void Free(nint graph, ref nint error);

    /// <summary>Makes room for so many vectors.</summary>
    [LibraryImport(Name, EntryPoint = "usearch_reserve")]
    public static partial void Reserve(VectorGraph graph, nuint capacity, ref nint error);

    /// <summary>Allows so many threads to add at once.</summary>
    [LibraryImport(Name, EntryPoint = "usearch_change_threads_add")]
    public static partial void SetAddingThreads(VectorGraph graph, nuint threads, ref nint error);

    /// <summary>Sets how many candidates a search keeps.</summary>
    [LibraryImport(Name, EntryPoint = "usearch_change_expansion_search")]
    public static partial void SetEffort(VectorGraph graph, nuint candidates, ref nint error);

    /// <summary>Adds a vector.</summary>
    [LibraryImport(Name, EntryPoint = "usearch_add")]
    public static partial void Add(VectorGraph graph, ulong key, float* vector, int kind, ref nint error);

    /// <summary>Finds the nearest vectors.</summary>
    [LibraryImport(Name, EntryPoint = "usearch_search")]
    public static partial nuint Search(VectorGraph graph, float* query, int kind, nuint count, ulong* keys, float* distances, ref nint error);

    /// <summary>The number of vectors.</summary>
    [LibraryImport(Name, EntryPoint = "usearch_size")]
    public static partial nuint Count(VectorGraph graph, ref nint error);

    /// <summary>The length of a vector.</summary>
    [LibraryImport(Name, EntryPoint = "usearch_dimensions")]
    public static partial nuint Dimension(VectorGraph graph, ref nint error);

    /// <summary>The bytes that <see cref="Save"/> writes.</summary>
    [LibraryImport(Name, EntryPoint = "usearch_serialized_length")]
    public static partial nuint SavedLength(VectorGraph graph, ref nint error);

    /// <summary>Writes a graph to memory.</summary>
    [LibraryImport(Name, EntryPoint = "usearch_save_buffer")]
    public static partial void Save(VectorGraph graph, byte* target, nuint length, ref nint error);

    /// <summary>Reads a graph where it lies in memory, which has to stay.</summary>
    [LibraryImport(Name, EntryPoint = "usearch_view_buffer")]
    public static partial void View(VectorGraph graph, byte* source, nuint length, ref nint error);

    private static SlcException? Load()
    {
        var folder = Path.GetDirectoryName(typeof(UsearchLibrary).Assembly.Location) ?? "";
        var (first, second) = OperatingSystem.IsWindows() ? ("numkong.dll", $"{Name}.dll")
            : OperatingSystem.IsMacOS() ? ("libnumkong.dylib", $"{Name}.dylib") : ("libnumkong.so", $"{Name}.so");
        return LoadFrom(folder, first, second);
    }

    /// <summary>Loads two libraries of a folder.</summary>
    /// <returns>Null where that went well.</returns>
    internal static SlcException? LoadFrom(string folder, params ReadOnlySpan<string> files)
    {
        foreach (var file in files)
        {
            var path = Path.Combine(folder, file);
            if (!File.Exists(path))
                return NotLoaded($"'{file}' is not among the module's files, and there is none for every platform (linux-x64, win-x64, osx-arm64).");
            try
            {
                _ = NativeLibrary.Load(path);
            }
            catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException)
            {
                return NotLoaded($"{failure.Message.Split('\n')[0].Trim()} Build the module again, or install the library that is named as missing (libgomp1 of Linux's packages).", failure);
            }
        }

        return null;
    }

    private static SlcException NotLoaded(string why, Exception? cause = null) => new("GraphLibraryNotLoaded", SlcErrorKind.Unavailable,
        $"The native library of USearch, which approximate answers need, could not be loaded: {why} Leave out -Approximate: exact answers need no library.", Name, cause);
}

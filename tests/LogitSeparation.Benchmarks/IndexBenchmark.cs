using System.IO.MemoryMappedFiles;
using System.Numerics;
using LogitSeparation.Core;
using LogitSeparation.Core.Indexing;
using LogitSeparation.Core.Inference;

namespace LogitSeparation.Benchmarks;

/// <summary>
/// A class asked of an index of 10^6 x 512 features: against a bare read of the same mapped file in turn, and against the same products over
/// blocks that are read into memory; the largest error of a logit against the stated bound; and what is resident.
/// </summary>
internal static unsafe class IndexBenchmark
{
    private const int RowCount = 1_000_000;
    private const int FeatureCount = 512;
    private const int WrittenRows = 4096;
    private const int PartBytes = 2 << 20;
    private const int BlockBytes = 256 << 10;

    /// <summary>0.85 of the bytes per second of a bare read.</summary>
    private const double Target = 1 / 0.85;

    private static readonly float[] Weight = Features(1_000_003);

    public static void Run()
    {
        var folder = Directory.CreateTempSubdirectory("slc-index-");
        try
        {
            var single = 0.0;
            foreach (var type in new[] { FeatureType.F32, FeatureType.F16, FeatureType.I8 })
            {
                var index = Write(Path.Combine(folder.FullName, $"{type}.slcindex"), type);
                var time = Measure(index);
                single = type == FeatureType.F32 ? time : single;
                Console.WriteLine(FormattableString.Invariant($"index {type}: {time / single:F3} of the time of F32, {index.Length / 1048576.0:F0} MiB"));
                MeasureError(index);
                File.Delete(index.Path);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        GraphBenchmark.Run();
    }

    private static double Measure(FeatureIndex index)
    {
        using var file = FeatureIndex.OpenFile(index.Path);
        using var map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        using var view = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* first = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref first);
        try
        {
            var rows = Rows(index);
            using var scan = new IndexScan(index, file, rows);
            var search = Ratio.Measure(() => Search(index, scan), () => Bare(first, index.Length), rounds: 15);
            search.Print($"index {index.Type}, one class, mapped", "bare read", index.Type == FeatureType.F32 ? Target : null);
            Print("  bytes per second, medians", index, search.Milliseconds, search.BaselineMilliseconds);
            Print("  bytes per second, fastest", index, 1000 * Fastest.Of(() => Search(index, scan)), 1000 * Fastest.Of(() => Bare(first, index.Length)));
            if (index.Type == FeatureType.F32)
            {
                Ratio.Measure(() => SearchAnew(index, file, rows), () => Bare(first, index.Length), rounds: 15)
                    .Print($"index {index.Type}, one class, mapped anew", "bare read", target: null);
                var blocks = Ratio.Measure(() => Blocks(index, file), () => Bare(first, index.Length), rounds: 15);
                blocks.Print($"index {index.Type}, one class, in blocks", "bare read", target: null);
            }

            PrintResident();
            return search.Milliseconds;
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    private static void Print(string what, FeatureIndex index, double milliseconds, double baseline) => Console.WriteLine(FormattableString.Invariant(
        $"{what,-44} {index.Length / milliseconds / 1e6,9:F2} GB/s of {index.Length / baseline / 1e6,6:F2} GB/s: {baseline / milliseconds:F3}"));

    private static void SearchAnew(FeatureIndex index, FileStream file, QueryRows rows)
    {
        using var scan = new IndexScan(index, file, rows);
        Search(index, scan);
    }

    private static void Search(FeatureIndex index, IndexScan scan)
    {
        foreach (var wave in IndexSearch.Waves(index))
            GC.KeepAlive(scan.Run(wave, CancellationToken.None));
    }

    private static void Bare(byte* first, long length) => Parallel.For(0, (int)((length + PartBytes - 1) / PartBytes), part =>
    {
        var x = (float*)(first + ((long)part * PartBytes));
        var v = Vector<float>.Count;
        var count = Math.Min(PartBytes, length - ((long)part * PartBytes)) / sizeof(float);
        Vector<float> a = default, b = default, c = default, d = default;
        for (var i = 0L; i <= count - (4 * v); i += 4 * v)
        {
            a += Vector.Load(x + i);
            b += Vector.Load(x + i + v);
            c += Vector.Load(x + i + (2 * v));
            d += Vector.Load(x + i + (3 * v));
        }

        GC.KeepAlive(Vector.Sum((a + b) + (c + d)));
    });

    // What mapping is held against: the same products over blocks of memory that stay in the processor's cache.
    private static void Blocks(FeatureIndex index, FileStream file)
    {
        var rows = BlockBytes / (FeatureCount * sizeof(float));
        var parts = index.Segments.SelectMany(segment => Enumerable.Range(0, (segment.RowCount + rows - 1) / rows).Select(part => (segment, part * rows))).ToArray();
        using var buffers = new ThreadLocal<byte[]>(() => GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true));
        Parallel.ForEach(parts, part =>
        {
            var (segment, first) = part;
            var count = Math.Min(rows, segment.RowCount - first);
            var block = buffers.Value!.AsSpan(0, count * FeatureCount * sizeof(float));
            RandomAccess.Read(file.SafeFileHandle, block, segment.FeaturesOffset(index.Type) + ((long)first * FeatureCount * sizeof(float)));
            var sum = 0f;
            fixed (byte* x = block)
            fixed (float* w = Weight)
            {
                for (var row = 0; row < count; row++)
                    sum = Math.Max(sum, DotProduct.Single((float*)x + (row * FeatureCount), w, FeatureCount));
            }

            GC.KeepAlive(sum);
        });
    }

    private static void MeasureError(FeatureIndex index)
    {
        const int Checked = 4096;
        using var file = FeatureIndex.OpenFile(index.Path);
        var rows = Rows(index) with { Threshold = [double.NegativeInfinity] };
        using var scan = new IndexScan(index, file, rows);
        var hits = scan.Run([new(index.Segments[0], 0, Math.Min(Checked, index.Segments[0].RowCount))], CancellationToken.None)[0];
        var worst = hits.Max(hit => Math.Abs(hit.Logit - Features(hit.Row).Zip(Weight, (x, w) => (double)x * w).Sum()));
        Console.WriteLine(FormattableString.Invariant(
            $"index {index.Type}: largest error of {hits.Count} logits {worst:G3}, stated bound {rows.LogitError[0]:G3} {(worst <= rows.LogitError[0] ? "kept" : "BROKEN")}"));
    }

    private static void PrintResident()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var lines = File.ReadLines("/proc/self/status").Where(line => line.StartsWith("RssAnon", StringComparison.Ordinal) || line.StartsWith("RssFile", StringComparison.Ordinal));
        Console.WriteLine($"  resident: {string.Join(", ", lines.Select(line => line.Replace("\t", " ", StringComparison.Ordinal)))} (files: the system's cache, mapped)");
    }

    private static QueryRows Rows(FeatureIndex index)
    {
        float[] weight = [.. Weight];
        var factor = index.Type == FeatureType.F16 ? DotProduct.ScaleForHalf(weight) : 1;
        return new(FeatureCount, weight, [factor], [0], [1e30], [index.Range.LogitError(index.Type, Weight, bias: 0)]);
    }

    private static FeatureIndex Write(string path, FeatureType type)
    {
        IndexWriter.Create(path, new(FeatureCount, type, "", "benchmark", "0"));
        using (var writer = IndexWriter.Open(path, _ => { }))
        {
            var block = new float[WrittenRows * FeatureCount];
            for (var first = 0; first < RowCount; first += WrittenRows)
            {
                var (start, count) = (first, Math.Min(WrittenRows, RowCount - first));
                Parallel.For(0, count, row => Fill(start + row, block.AsSpan(row * FeatureCount, FeatureCount)));
                writer.Add("benchmark", [.. Enumerable.Range(first, count).Select(row => new ExampleName(row, null, null))], block.AsSpan(0, count * FeatureCount));
            }

            writer.Commit();
        }

        return FeatureIndex.Open(path);
    }

    private static float[] Features(int row)
    {
        var features = new float[FeatureCount];
        Fill(row, features);
        return features;
    }

    // As after a ReLU: half of them are nothing.
    private static void Fill(int row, Span<float> features)
    {
        var random = new SplitMix64((ulong)row);
        foreach (ref var feature in features)
            feature = Math.Max(0, (float)((2 * random.NextDouble()) - 1));
    }
}

using LogitSeparation.Core.Data;
using LogitSeparation.Core.Data.Pictures;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Inference;

/// <summary>Pictures in files, decoded on all processors a block at a time. One that cannot be read is reported, and the others go on.</summary>
internal sealed class PictureFiles(IReadOnlyList<string> paths, int firstIndex, Action<SlcException> skip) : ExampleSource(name: null)
{
    /// <inheritdoc/>
    internal override IEnumerable<ExampleBlock> Read(Model model, int most, CancellationToken cancellation)
    {
        var input = PictureInput.Of(model);
        return ReadBlocks(input, Math.Min(most, input.MostAtOnce), cancellation);
    }

    private IEnumerable<ExampleBlock> ReadBlocks(PictureInput input, int rows, CancellationToken cancellation)
    {
        var buffer = new byte[Math.Min(rows, paths.Count) * input.Length];
        for (var first = 0; first < paths.Count; first += rows)
        {
            cancellation.ThrowIfCancellationRequested();
            var names = Decode(input, first, Math.Min(rows, paths.Count - first), buffer, cancellation);
            if (names.Count > 0)
                yield return new(buffer.AsMemory(0, names.Count * input.Length), ExampleType.Byte, names);
        }
    }

    private List<ExampleName> Decode(PictureInput input, int first, int count, byte[] buffer, CancellationToken cancellation)
    {
        var failures = new SlcException?[count];
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            try
            {
                input.Read(paths[first + i], buffer.AsSpan(i * input.Length, input.Length));
            }
            catch (SlcException failure)
            {
                failures[i] = failure;
            }
        });

        var names = new List<ExampleName>(count);
        for (var i = 0; i < count; i++)
        {
            if (failures[i] is { } failure)
            {
                skip(failure);
                continue;
            }

            if (names.Count < i)
                buffer.AsSpan(i * input.Length, input.Length).CopyTo(buffer.AsSpan(names.Count * input.Length));
            names.Add(new(firstIndex + first + i, paths[first + i], Label: null));
        }

        return names;
    }
}

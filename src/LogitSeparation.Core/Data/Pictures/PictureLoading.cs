using static System.FormattableString;

namespace LogitSeparation.Core.Data.Pictures;

/// <summary>Decodes all pictures of a list into memory, whole or their middle square, on all processors.</summary>
internal static class PictureLoading
{
    /// <summary>Decodes the pictures.</summary>
    /// <param name="pictures">The files.</param>
    /// <param name="shape">The shape of an example: channels, height, width.</param>
    /// <param name="cancellation">Looked at before each picture.</param>
    /// <exception cref="SlcException"><c>PictureDamaged</c> and others of files: the first in the list that cannot be read.</exception>
    public static ByteExamples Load(PictureList pictures, IReadOnlyList<int> shape, CancellationToken cancellation)
    {
        var (channels, height, width) = (shape[0], shape[1], shape[2]);
        var length = channels * height * width;
        if ((long)pictures.Count * length > Array.MaxLength)
        {
            throw new SlcException("DatasetTooLarge", SlcErrorKind.InvalidData,
                Invariant($"The {pictures.Count} pictures in '{pictures.Root}' need more than 2 GiB of memory at {width} x {height} pixels. ")
                + "Give a smaller -Size, or -Stream to decode them while training.", pictures.Root);
        }

        var pixels = GC.AllocateUninitializedArray<byte>(pictures.Count * length);
        ForEach(pictures, row =>
        {
            using var picture = PictureFile.Open(pictures.Paths[row]);
            var region = PictureRegion.Centre(picture.Width, picture.Height, (double)width / height, share: 1);
            picture.Read(region, width, height, channels, pixels.AsSpan(row * length, length));
        }, cancellation);
        return new(pixels, length, pictures.Labels);
    }

    /// <summary>The columns and rows that all pictures of some lists have, and whether all are grey; null size where they differ.</summary>
    public static ((int Width, int Height)? Size, bool IsGrey) Survey(IReadOnlyList<PictureList> lists, CancellationToken cancellation)
    {
        var sizes = new HashSet<(int, int)>();
        var isGrey = true;
        foreach (var list in lists)
        {
            ForEach(list, row =>
            {
                using var picture = PictureFile.Open(list.Paths[row]);
                lock (sizes)
                {
                    sizes.Add((picture.Width, picture.Height));
                    isGrey &= picture.IsGrey;
                }
            }, cancellation);
        }

        return (sizes.Count == 1 ? sizes.Single() : null, isGrey);
    }

    // Which error is reported must not depend on which thread was first.
    private static void ForEach(PictureList pictures, Action<int> work, CancellationToken cancellation)
    {
        var failures = new SlcException?[pictures.Count];
        Parallel.For(0, pictures.Count, new ParallelOptions { CancellationToken = cancellation }, (row, state) =>
        {
            try
            {
                if (state.LowestBreakIteration is not { } lowest || row < lowest)
                    work(row);
            }
            catch (SlcException failure)
            {
                failures[row] = failure;
                state.Break();
            }
        });
        if (Array.Find(failures, failure => failure is not null) is { } first)
            throw first;
    }
}

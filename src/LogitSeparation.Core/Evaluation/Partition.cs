namespace LogitSeparation.Core.Evaluation;

/// <summary>Splits a range of indices into contiguous parts and works on them in parallel.</summary>
internal static class Partition
{
    /// <summary>Parts for each processor, so that one slow part does not hold up the rest.</summary>
    private const int PartsPerProcessor = 4;

    /// <summary>Runs a body over parts of 0 … <paramref name="count"/> - 1; on the calling thread where one part is enough.</summary>
    /// <param name="count">The number of indices.</param>
    /// <param name="minimum">The smallest part that is worth a thread.</param>
    /// <param name="body">Takes the first index and the one after the last; throws nothing.</param>
    public static void ForEach(int count, int minimum, Action<int, int> body)
    {
        var wanted = Environment.ProcessorCount * PartsPerProcessor;
        var size = Math.Max(minimum, (int)((count + (long)wanted - 1) / wanted));
        if (size >= count)
        {
            body(0, count);
            return;
        }

        var parts = (int)((count + (long)size - 1) / size);
        Parallel.For(0, parts, part => body(part * size, (int)Math.Min(count, ((long)part + 1) * size)));
    }

    /// <summary>
    /// The smallest index that fails, whichever thread finds its own first; null where none does. So the same input gives the same
    /// error.
    /// </summary>
    /// <param name="count">The number of indices.</param>
    /// <param name="minimum">The smallest part that is worth a thread.</param>
    /// <param name="body">Takes the first index and the one after the last; returns the first that fails, or null.</param>
    public static int? FirstFailure(int count, int minimum, Func<int, int, int?> body)
    {
        var first = count;
        ForEach(count, minimum, (from, to) =>
        {
            if (body(from, to) is not { } failed)
                return;
            for (var seen = Volatile.Read(ref first); failed < seen;)
            {
                var before = Interlocked.CompareExchange(ref first, failed, seen);
                if (before == seen)
                    return;
                seen = before;
            }
        });
        return first == count ? null : first;
    }
}

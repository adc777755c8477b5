using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>
/// The order in which examples are seen: a fresh permutation each epoch, cut into batches, the incomplete last one dropped.
/// The batch of a step depends on nothing but the seed and the step, so every loss sees the same ones.
/// </summary>
internal sealed class BatchOrder(int exampleCount, int batchSize, int seed, torch.Device device) : IDisposable
{
    private readonly int _batchesPerEpoch = exampleCount / batchSize;
    private long[] _numbers = [];
    private torch.Tensor? _permutation;
    private long _epoch = -1;

    /// <summary>The epoch that a step belongs to.</summary>
    /// <param name="step">From 0.</param>
    public long EpochOf(long step) => step / _batchesPerEpoch;

    /// <summary>The row numbers of a step's batch, on the device.</summary>
    /// <param name="step">From 0.</param>
    public torch.Tensor Rows(long step)
    {
        MoveTo(EpochOf(step));
        _permutation ??= torch.tensor(_numbers, device: device).DetachFromDisposeScope();
        return _permutation.narrow(0, FirstOf(step), batchSize);
    }

    /// <summary>The row numbers of a step's batch, in ordinary memory.</summary>
    /// <param name="step">From 0.</param>
    public ReadOnlySpan<long> Numbers(long step)
    {
        MoveTo(EpochOf(step));
        return _numbers.AsSpan((int)FirstOf(step), batchSize);
    }

    /// <summary>All rows in the order of an epoch (Fisher and Yates).</summary>
    public long[] Permutation(long epoch)
    {
        var random = new SplitMix64(StreamSeed.Derive(seed, StreamSeed.Order, epoch));
        var rows = new long[exampleCount];
        for (var i = 0; i < rows.Length; i++)
        {
            var j = random.Next(i + 1);
            rows[i] = rows[j];
            rows[j] = i;
        }

        return rows;
    }

    /// <inheritdoc/>
    public void Dispose() => _permutation?.Dispose();

    private long FirstOf(long step) => step % _batchesPerEpoch * batchSize;

    private void MoveTo(long epoch)
    {
        if (epoch == _epoch)
            return;
        _permutation?.Dispose();
        _permutation = null;
        _numbers = Permutation(epoch);
        _epoch = epoch;
    }
}

using System.Runtime.ExceptionServices;

namespace LogitSeparation.Core.Data;

/// <summary>
/// Reads the batches of a split ahead of who takes them, on threads of its own, into a fixed number of buffers. What a batch holds
/// depends on its plan alone, never on the threads.
/// </summary>
internal sealed class ReadAhead : IDisposable
{
    private const int MaxDepth = 8;
    private const int MinDepth = 2;
    private const long BufferBudget = 256L << 20;

    private readonly object _gate = new();
    private readonly DataSplit _split;
    private readonly Func<long, BatchPlan?> _plan;
    private readonly Slot[] _slots;
    private readonly Thread[] _threads;
    private long _first;
    private long _planned;
    private bool _ended;
    private bool _stopped;

    /// <summary>Begins to read.</summary>
    /// <param name="split">The examples.</param>
    /// <param name="plan">The plan of batch 0, 1, …; null after the last one. Called in order, by one thread at a time.</param>
    /// <param name="batchSize">The largest number of examples of a batch.</param>
    /// <param name="threadCount">How many threads read.</param>
    public ReadAhead(DataSplit split, Func<long, BatchPlan?> plan, int batchSize, int threadCount)
    {
        _split = split;
        _plan = plan;
        var bytes = Math.Max(1, (long)batchSize * split.Store.ByteLength);
        _slots = new Slot[(int)Math.Clamp(BufferBudget / bytes, MinDepth, MaxDepth)];
        for (var i = 0; i < _slots.Length; i++)
            _slots[i] = new(GC.AllocateUninitializedArray<byte>(checked((int)bytes)));
        _threads = new Thread[threadCount];
        for (var i = 0; i < threadCount; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = "LogitSeparation reader" };
            _threads[i].Start();
        }
    }

    /// <summary>Waits for the next batch: its examples, one after the other, until the next one is taken.</summary>
    /// <exception cref="SlcException">An example could not be read: the first one of the batch that could not.</exception>
    public ReadOnlyMemory<byte> Take()
    {
        lock (_gate)
        {
            if (_first > 0)
                SlotOf(_first - 1).Plan = null;
            var batch = _first++;
            Monitor.PulseAll(_gate);
            var slot = SlotOf(batch);
            while (slot.Batch != batch || slot.Open > 0)
            {
                if (_ended && batch >= _planned)
                    throw new InvalidOperationException($"There is no batch {batch}.");
                Monitor.Wait(_gate);
            }

            slot.Failure?.Throw();
            return slot.Buffer.AsMemory(0, slot.Plan!.Indices.Length * _split.Store.ByteLength);
        }
    }

    /// <summary>Stops the threads and waits for them.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }

        foreach (var thread in _threads)
            thread.Join();
    }

    private void Work()
    {
        while (Claim() is { } claim)
            Finish(claim, Read(claim));
    }

    private ExceptionDispatchInfo? Read((Slot Slot, BatchPlan Plan, int Position) claim)
    {
        var (slot, plan, position) = claim;
        try
        {
            var length = _split.Store.ByteLength;
            var destination = slot.Buffer.AsSpan(position * length, length);
            if (plan.Seeds is null)
                _split.Read(plan.Indices[position], destination);
            else
                _split.ReadForTraining(plan.Indices[position], plan.Seeds[position], destination);
            return null;
        }
        catch (Exception failure)
        {
            return ExceptionDispatchInfo.Capture(failure);
        }
    }

    /// <summary>The next example to read, of the earliest batch that has one left; null when there is nothing more to do.</summary>
    private (Slot Slot, BatchPlan Plan, int Position)? Claim()
    {
        lock (_gate)
        {
            while (!_stopped)
            {
                if (_planned > 0 && SlotOf(_planned - 1) is { Plan: { } plan } slot && slot.Claimed < plan.Indices.Length)
                    return (slot, plan, slot.Claimed++);
                if (SlotOf(_planned).Plan is not null)
                    Monitor.Wait(_gate);
                else if (!_ended)
                    PlanNext();
                else
                    return null;
            }

            return null;
        }
    }

    private void PlanNext()
    {
        var slot = SlotOf(_planned);
        try
        {
            if (_plan(_planned) is not { } plan)
            {
                End();
                return;
            }

            (slot.Plan, slot.Batch, slot.Claimed, slot.Open) = (plan, _planned, 0, plan.Indices.Length);
            (slot.Failure, slot.FailedPosition) = (null, int.MaxValue);
            _planned++;
        }
        catch (Exception failure)
        {
            // Nobody would hear of it on this thread: the batch carries it to who takes it.
            (slot.Plan, slot.Batch, slot.Open) = (new([], null), _planned, 0);
            slot.Failure = ExceptionDispatchInfo.Capture(failure);
            _planned++;
            End();
        }
    }

    private void End()
    {
        _ended = true;
        Monitor.PulseAll(_gate);
    }

    private void Finish((Slot Slot, BatchPlan Plan, int Position) claim, ExceptionDispatchInfo? failure)
    {
        lock (_gate)
        {
            var slot = claim.Slot;
            if (failure is not null && claim.Position < slot.FailedPosition)
                (slot.Failure, slot.FailedPosition) = (failure, claim.Position);
            if (--slot.Open == 0)
                Monitor.PulseAll(_gate);
        }
    }

    private Slot SlotOf(long batch) => _slots[batch % _slots.Length];

    private sealed class Slot(byte[] buffer)
    {
        public byte[] Buffer { get; } = buffer;

        /// <summary>Null while the buffer is free.</summary>
        public BatchPlan? Plan { get; set; }

        public long Batch { get; set; } = -1;

        /// <summary>The examples that a thread has begun to read.</summary>
        public int Claimed { get; set; }

        /// <summary>The examples that are not read yet.</summary>
        public int Open { get; set; }

        public ExceptionDispatchInfo? Failure { get; set; }

        public int FailedPosition { get; set; }
    }
}

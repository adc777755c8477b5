using System.Numerics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>A logit and where it stands.</summary>
internal readonly record struct Cell<T>(T Logit, int Example, int Column);

/// <summary>Keeps the largest of many logits; among equals the earlier example, then the earlier column.</summary>
/// <param name="capacity">How many to keep.</param>
internal sealed class LargestCells<T>(int capacity)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly Comparer<Cell<T>> WorstFirst = Comparer<Cell<T>>.Create((x, y) =>
        x.Logit != y.Logit ? x.Logit.CompareTo(y.Logit)
        : x.Example != y.Example ? y.Example.CompareTo(x.Example) : y.Column.CompareTo(x.Column));

    private readonly PriorityQueue<Cell<T>, Cell<T>> _kept = new(WorstFirst);

    /// <summary>Whether a logit can be among the largest: a quick look that turns nearly all away.</summary>
    /// <param name="logit">The logit.</param>
    public bool Takes(T logit) => capacity > 0 && (_kept.Count < capacity || logit >= _kept.Peek().Logit);

    /// <summary>Adds a logit.</summary>
    /// <param name="cell">The logit and its place.</param>
    public void Add(Cell<T> cell)
    {
        if (_kept.Count < capacity)
            _kept.Enqueue(cell, cell);
        else if (capacity > 0 && WorstFirst.Compare(cell, _kept.Peek()) > 0)
            _kept.EnqueueDequeue(cell, cell);
    }

    /// <summary>Adds what another thread has kept.</summary>
    /// <param name="other">The others.</param>
    public void Add(LargestCells<T> other)
    {
        foreach (var (cell, _) in other._kept.UnorderedItems)
            Add(cell);
    }

    /// <summary>The largest first.</summary>
    public List<Cell<T>> Ordered()
    {
        var cells = _kept.UnorderedItems.Select(item => item.Element).ToList();
        cells.Sort((x, y) => WorstFirst.Compare(y, x));
        return cells;
    }
}

using System.Numerics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// The scores of each class's own examples, sorted and with equals merged: all that average precision needs sorted. Class j's
/// distinct scores are a run of one flat array.
/// </summary>
internal sealed class ClassPositives<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _scores;
    private readonly int[] _multiplicities;
    private readonly int[] _starts;
    private readonly int[] _distinct;

    /// <summary>Sorts the true scores by class.</summary>
    /// <param name="trueScores">n scores of the examples for their own classes, none NaN.</param>
    /// <param name="labels">n class indices.</param>
    /// <param name="classCount">The number of classes, k.</param>
    public ClassPositives(ReadOnlySpan<T> trueScores, ReadOnlySpan<int> labels, int classCount)
    {
        (_starts, var examples) = ClassOrder.Of(labels, classCount);
        _scores = new T[labels.Length];
        for (var place = 0; place < examples.Length; place++)
            _scores[place] = trueScores[examples[place]];

        _multiplicities = new int[labels.Length];
        _distinct = new int[classCount];
        Partition.ForEach(classCount, minimum: 1, (from, to) =>
        {
            for (var j = from; j < to; j++)
                _distinct[j] = SortClass(_starts[j], _starts[j + 1]);
        });
    }

    /// <summary>The number of classes, k.</summary>
    public int ClassCount => _distinct.Length;

    /// <summary>The number of a class's examples, P.</summary>
    /// <param name="j">The class.</param>
    public int Count(int j) => _starts[j + 1] - _starts[j];

    /// <summary>A class's distinct scores, rising.</summary>
    /// <param name="j">The class.</param>
    public ReadOnlySpan<T> Scores(int j) => _scores.AsSpan(_starts[j], _distinct[j]);

    /// <summary>How many of the class's examples have each of its distinct scores.</summary>
    /// <param name="j">The class.</param>
    public ReadOnlySpan<int> Multiplicities(int j) => _multiplicities.AsSpan(_starts[j], _distinct[j]);

    private int SortClass(int start, int end)
    {
        Array.Sort(_scores, start, end - start);
        var last = start - 1;
        for (var i = start; i < end; i++)
        {
            if (i == start || _scores[i] != _scores[last])
                _scores[++last] = _scores[i];
            _multiplicities[last]++;
        }

        return last + 1 - start;
    }
}

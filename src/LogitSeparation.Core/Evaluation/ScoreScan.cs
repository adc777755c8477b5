using System.Numerics;
using System.Numerics.Tensors;

namespace LogitSeparation.Core.Evaluation;

/// <summary>
/// Computes the scores over all logits of rows that a scan of the logits has in hand, each score once, and counts them. One for each
/// thread.
/// </summary>
/// <param name="normalized">The rows' normalisation.</param>
/// <param name="rows">What is found row by row; one for all threads.</param>
/// <param name="gaps">The thread's own counts of negatives between positives.</param>
internal sealed class ScoreScan(NormalizedRows normalized, RowFindings<double> rows, GapCounts<double> gaps)
{
    private double[] _scores = [];
    private double[] _scratch = [];

    /// <summary>What is found row by row.</summary>
    public RowFindings<double> Rows => rows;

    /// <summary>The counts of negatives between positives.</summary>
    public GapCounts<double> Gaps => gaps;

    /// <summary>Adds the scores of rows of logits.</summary>
    /// <param name="logits">The rows, none NaN.</param>
    public void Add<T>(in RowGroup<T> logits)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (k, length) = (logits.ClassCount, logits.Values.Length);
        if (_scores.Length < length)
            (_scores, _scratch) = (new double[length], new double[k]);
        var scores = _scores.AsSpan(0, length);
        TensorPrimitives.ConvertTruncating(logits.Values, scores);
        for (var row = 0; row < logits.Count; row++)
            normalized.Transform(logits.FirstExample + row, scores.Slice(row * k, k), _scratch);
        var group = new RowGroup<double>(logits.FirstExample, k, scores, logits.Labels);
        rows.Add(group);
        gaps.Add(group);
    }

    /// <summary>Adds what another thread has counted.</summary>
    /// <param name="other">A scan of the same table.</param>
    public void Add(ScoreScan other) => gaps.Add(other.Gaps);
}

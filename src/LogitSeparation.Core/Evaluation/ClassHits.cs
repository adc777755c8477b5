using System.Numerics;

namespace LogitSeparation.Core.Evaluation;

/// <summary>How many examples of each class are right, by the three measures that look at an example's logits together.</summary>
/// <param name="First">Examples of each class whose largest logit is the true one.</param>
/// <param name="TopFive">Examples of each class whose true logit is among the five largest.</param>
/// <param name="Uniform">Examples of each class that the threshold of the uniform accuracy gets wholly right.</param>
/// <param name="Best">The uniform accuracy of all examples.</param>
internal sealed record ClassHits(int[] First, int[] TopFive, int[] Uniform, UniformAccuracy Best)
{
    /// <summary>Counts them.</summary>
    /// <param name="logits">The table.</param>
    /// <param name="rows">What was found in the rows of logits.</param>
    /// <param name="trueScores">n true scores.</param>
    /// <param name="scoreRows">What was found in the rows of scores.</param>
    public static ClassHits Of<TLogit, TScore>(Logits logits, RowFindings<TLogit> rows, TScore[] trueScores, RowFindings<TScore> scoreRows)
        where TLogit : unmanaged, IBinaryFloatingPointIeee754<TLogit>
        where TScore : unmanaged, IBinaryFloatingPointIeee754<TScore>
    {
        var k = logits.ClassCount;
        var hits = new ClassHits(new int[k], new int[k], new int[k], scoreRows.Uniform(trueScores));
        var labels = logits.Labels.Span;
        for (var i = 0; i < labels.Length; i++)
        {
            hits.First[labels[i]] += rows.IsCorrect(i) ? 1 : 0;
            hits.TopFive[labels[i]] += rows.IsTopFive(i) ? 1 : 0;
            hits.Uniform[labels[i]] += hits.Best.Threshold is { } t
                && double.CreateChecked(trueScores[i]) > t && double.CreateChecked(scoreRows.LargestFalse[i]) <= t ? 1 : 0;
        }

        return hits;
    }
}

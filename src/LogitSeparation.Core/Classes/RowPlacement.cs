using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Classes;

/// <summary>
/// Maps the logits of a new row, a z + c with a > 0, so that their means over held-out examples, of the class and of the others, are
/// those of the model's true and false logits. Which examples a threshold selects does not change by it; but the largest of all logits can
/// then be the new one, and one threshold for all classes means something for it too.
/// </summary>
internal static class RowPlacement
{
    /// <summary>Places a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="held">Examples held out.</param>
    /// <param name="isPositive">Which of them are of the new class.</param>
    /// <param name="rows">The row of the model's head for each label of the others; -1 for none.</param>
    /// <param name="model">The model with the other rows.</param>
    /// <returns>The row as it was where no other example's class is one of the model's, or the row does not tell its class from the others.</returns>
    public static HeadRow Place(HeadRow row, FeatureTable held, bool[] isPositive, int[] rows, Model model)
    {
        var (trueMean, falseMean) = MeanLogits(held, isPositive, rows, model);
        var logits = row.Logits(held);
        var (own, other) = (logits.Where((_, i) => isPositive[i]).Average(z => (double)z), logits.Where((_, i) => !isPositive[i]).Average(z => (double)z));
        if (!(own > other && trueMean > falseMean))
            return row;
        var a = (trueMean - falseMean) / (own - other);
        return row.Map(a, falseMean - (a * other));
    }

    // The false logits of an example sum to h times the sum of all rows, less its true one, so no table of logits is needed. NaN where there
    // is none of a kind, which no comparison passes.
    private static (double True, double False) MeanLogits(FeatureTable held, bool[] isPositive, int[] rows, Model model)
    {
        var (k, d) = (model.Network.ClassCount, model.FeatureCount);
        var (weight, bias) = (model.GetWeight("head.weight", [k, d]).Values, model.GetWeight("head.bias", [k]).Values);
        var (rowSum, biasSum) = (new double[d], 0.0);
        for (var i = 0; i < weight.Length; i++)
            rowSum[i % d] += weight.Span[i];
        foreach (var b in bias.Span)
            biasSum += b;

        var known = Enumerable.Range(0, held.Count).Where(i => !isPositive[i] && rows[held.Labels[i]] >= 0).ToArray();
        double trueSum = 0, falseSum = 0;
        foreach (var i in known)
        {
            var own = rows[held.Labels[i]];
            var all = biasSum + RowProducts.Dot(Array.ConvertAll(held.Row(i).ToArray(), h => (double)h), rowSum);
            double z = RowProducts.Dot(held.Row(i), weight.Span.Slice(own * d, d)) + bias.Span[own];
            trueSum += z;
            falseSum += all - z;
        }

        return (trueSum / known.Length, falseSum / ((double)known.Length * (k - 1)));
    }
}

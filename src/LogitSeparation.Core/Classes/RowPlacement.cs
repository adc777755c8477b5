using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;
using TorchSharp;

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

    // NaN where there is none of a kind, which no comparison passes.
    private static (double True, double False) MeanLogits(FeatureTable held, bool[] isPositive, int[] rows, Model model)
    {
        var (k, d) = (model.Network.ClassCount, model.FeatureCount);
        var known = Enumerable.Range(0, held.Count).Where(i => !isPositive[i] && rows[held.Labels[i]] >= 0).ToArray();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var head = new HeadRows(model, classes: null, torch.CPU);
        var size = head.RowsOf(1024);
        double trueSum = 0, falseSum = 0;
        foreach (var block in known.Chunk(size))
        {
            using var inner = torch.NewDisposeScope();
            var features = block.SelectMany(i => held.Row(i).ToArray()).ToArray();
            var logits = head.Infer(torch.tensor(features, block.Length, d)).data<float>().ToArray();
            for (var i = 0; i < logits.Length; i++)
            {
                if (i % k == rows[held.Labels[block[i / k]]])
                    trueSum += logits[i];
                else
                    falseSum += logits[i];
            }
        }

        return (trueSum / known.Length, falseSum / ((double)known.Length * (k - 1)));
    }
}

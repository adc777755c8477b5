using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Indexing;

/// <summary>The rows of a head that are asked for, and nothing of the others.</summary>
/// <param name="FeatureCount">d.</param>
/// <param name="Weight">q x d.</param>
/// <param name="Bias">q.</param>
/// <param name="Threshold">q.</param>
/// <param name="LogitError">q bounds on what is wrong with a logit.</param>
internal sealed record QueryRows(int FeatureCount, float[] Weight, float[] Bias, double[] Threshold, double[] LogitError)
{
    /// <summary>The rows of some classes.</summary>
    public static QueryRows Of(Model model, IReadOnlyList<ClassQuery> queries, FeatureIndex index)
    {
        var (k, d) = (model.Network.ClassCount, model.FeatureCount);
        var (weights, biases) = (model.GetWeight("head.weight", [k, d]).Values, model.GetWeight("head.bias", [k]).Values);
        var (weight, bias, error) = (new float[queries.Count * d], new float[queries.Count], new double[queries.Count]);
        for (var q = 0; q < queries.Count; q++)
        {
            var row = weights.Span.Slice(queries[q].Class * d, d);
            row.CopyTo(weight.AsSpan(q * d));
            bias[q] = biases.Span[queries[q].Class];
            error[q] = index.Range.LogitError(index.Type, row, bias[q]);
        }

        return new(d, weight, bias, [.. queries.Select(query => query.Threshold)], error);
    }
}

using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Indexing;

/// <summary>The rows of a head that are asked for, and nothing of the others.</summary>
/// <param name="FeatureCount">d.</param>
/// <param name="Weight">q x d, as <see cref="DotProduct"/> takes them.</param>
/// <param name="Factor">q numbers that the products are multiplied by.</param>
/// <param name="Bias">q.</param>
/// <param name="Threshold">q.</param>
/// <param name="LogitError">q bounds on what is wrong with a logit.</param>
internal sealed record QueryRows(int FeatureCount, float[] Weight, float[] Factor, float[] Bias, double[] Threshold, double[] LogitError)
{
    /// <summary>The rows of some classes.</summary>
    public static QueryRows Of(Model model, IReadOnlyList<ClassQuery> queries, FeatureIndex index)
    {
        var (k, d) = (model.Network.ClassCount, model.FeatureCount);
        var (weights, biases) = (model.GetWeight("head.weight", [k, d]).Values, model.GetWeight("head.bias", [k]).Values);
        var (weight, factor, bias) = (new float[queries.Count * d], new float[queries.Count], new float[queries.Count]);
        var error = new double[queries.Count];
        for (var q = 0; q < queries.Count; q++)
        {
            var row = weights.Span.Slice(queries[q].Class * d, d);
            row.CopyTo(weight.AsSpan(q * d));
            bias[q] = biases.Span[queries[q].Class];
            factor[q] = index.Type == FeatureType.F16 ? DotProduct.ScaleForHalf(weight.AsSpan(q * d, d)) : 1;
            error[q] = index.Range.LogitError(index.Type, row, bias[q]);
        }

        return new(d, weight, factor, bias, [.. queries.Select(query => query.Threshold)], error);
    }
}

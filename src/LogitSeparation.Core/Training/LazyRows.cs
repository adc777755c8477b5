using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>Some rows of a head, gathered for one step with their momentum. They belong to the caller's scope.</summary>
internal sealed class LazyRows
{
    private readonly Head _head;
    private readonly torch.Tensor _index;
    private torch.Tensor _weight;
    private torch.Tensor _weightMomentum;
    private torch.Tensor _bias;
    private torch.Tensor _biasMomentum;
    private torch.Tensor? _features;
    private torch.Tensor? _places;
    private torch.Tensor? _placed;

    /// <summary>Gathers rows.</summary>
    /// <param name="head">The head.</param>
    /// <param name="index">u distinct classes, int64, on the head's device.</param>
    public LazyRows(Head head, torch.Tensor index)
    {
        (_head, _index) = (head, index);
        _weight = head.Weight.Value.index_select(0, index);
        _weightMomentum = head.Weight.Gradient.index_select(0, index);
        _bias = head.Bias.Value.index_select(0, index);
        _biasMomentum = head.Bias.Gradient.index_select(0, index);
    }

    /// <summary>Applies a map to each row.</summary>
    public void Apply(StepMap[] maps)
    {
        if (Array.TrueForAll(maps, map => map == StepMap.Identity))
            return;
        var (vv, vw) = (Column(maps, map => map.VV), Column(maps, map => map.VW));
        var (wv, ww) = (Column(maps, map => map.WV), Column(maps, map => map.WW));
        (_weightMomentum, _weight) = (Mix(_weightMomentum, vv, _weight, vw), Mix(_weightMomentum, wv, _weight, ww));
        (vv, vw, wv, ww) = (vv.squeeze(1), vw.squeeze(1), wv.squeeze(1), ww.squeeze(1));
        (_biasMomentum, _bias) = (Mix(_biasMomentum, vv, _bias, vw), Mix(_biasMomentum, wv, _bias, ww));
    }

    /// <summary>The logits of some rows for each example. Of all rows for all examples it would be u / p times the work.</summary>
    /// <param name="features">m x d.</param>
    /// <param name="places">m p places among the rows, example after example.</param>
    /// <returns>m x p.</returns>
    public torch.Tensor Forward(torch.Tensor features, torch.Tensor places)
    {
        (_features, _places) = (features, places);
        var m = features.shape[0];
        _placed = _weight.index_select(0, places).view(m, -1, features.shape[1]);
        return _placed.bmm(features.unsqueeze(2)).squeeze(2).AddInPlace(_bias.index_select(0, places).view(m, -1));
    }

    /// <summary>Gathers the gradients, as <see cref="Head.Backward"/> does for all rows.</summary>
    /// <param name="gradient">The derivative by the logits, m x p.</param>
    /// <param name="beta">0 to 1.</param>
    /// <returns>The derivative by the features, m x d.</returns>
    public torch.Tensor Backward(torch.Tensor gradient, double beta)
    {
        if (_features is null || _places is null || _placed is null)
            throw new InvalidOperationException("A backward pass needs a forward pass before it.");
        var products = gradient.unsqueeze(2) * _features.unsqueeze(1);
        _weightMomentum.MultiplyInPlace((float)beta).AddRowsInPlace(_places, products.view(-1, _features.shape[1]));
        _biasMomentum.MultiplyInPlace((float)beta).AddRowsInPlace(_places, gradient.flatten());
        return gradient.unsqueeze(1).bmm(_placed).squeeze(1);
    }

    /// <summary>Takes the step, and puts the rows back.</summary>
    public void Step(SgdOptimizer optimizer)
    {
        optimizer.Step(_weight, _weightMomentum);
        optimizer.Step(_bias, _biasMomentum);
        Store();
    }

    /// <summary>Puts the rows back.</summary>
    public void Store()
    {
        _head.Weight.Value.index_copy_(0, _index, _weight);
        _head.Weight.Gradient.index_copy_(0, _index, _weightMomentum);
        _head.Bias.Value.index_copy_(0, _index, _bias);
        _head.Bias.Gradient.index_copy_(0, _index, _biasMomentum);
    }

    private static torch.Tensor Mix(torch.Tensor x, torch.Tensor a, torch.Tensor y, torch.Tensor b) => (x * a).AddProductInPlace(y, b, 1);

    private torch.Tensor Column(StepMap[] maps, Converter<StepMap, double> number) =>
        torch.tensor(Array.ConvertAll(maps, number), [maps.Length, 1], _weight.dtype, _weight.device);
}

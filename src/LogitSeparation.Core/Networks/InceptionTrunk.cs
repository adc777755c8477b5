using LogitSeparation.Core.Networks.Pictures;
using LogitSeparation.Core.Onnx;
using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>
/// Inception-v3 without its output layer (section 6; Szegedy et al. 2016): 94 convolutions, each with batch normalisation and ReLU, and
/// the mean of each of 2048 maps. In training an auxiliary head gets 768 features from half way. Dropout, which some implementations
/// have before the output layer, is left out: batch normalisation is all that the article names.
/// </summary>
internal sealed class InceptionTrunk : GraphTrunk
{
    /// <summary>The smallest height and width that leave a place for every kernel.</summary>
    public const int SmallestSide = 75;

    private const double Epsilon = 1e-3;

    // The auxiliary head's convolution is as large as what its pooling leaves of a picture of 299 x 299.
    private const int AuxiliarySide = 5;
    private const int AuxiliaryWindow = 5;
    private const int AuxiliaryStride = 3;

    private readonly PictureShape _picture;
    private readonly PicturePlan _plan;
    private readonly PictureBlock _first;
    private readonly PictureBlock _last;
    private readonly PictureBlock _auxiliary;

    /// <summary>Creates the layers; their parameters are added to the buffer.</summary>
    /// <param name="spec">The sizes.</param>
    /// <param name="parameters">Where the parameters go.</param>
    /// <param name="seed">Decides the initial weights.</param>
    public InceptionTrunk(NetworkSpec spec, ParameterBuffer parameters, int seed)
    {
        _picture = new(spec.InputShape[0], spec.InputShape[1], spec.InputShape[2]);
        _plan = new(parameters, seed, Epsilon);
        (_first, var middle) = Place("trunk", InceptionLayers.First(), _picture);
        _plan.IsAuxiliary = true;
        (_auxiliary, var auxiliary) = Place("trunk.auxiliary", InceptionLayers.Auxiliary(), middle with { Height = AuxiliarySide, Width = AuxiliarySide });
        _plan.IsAuxiliary = false;
        (_last, var last) = Place("trunk", InceptionLayers.Last(), middle);
        _plan.AddPooling("mean", "mean of each map", last with { Height = 1, Width = 1 }, stride: 1);
        (FeatureCount, AuxiliaryFeatureCount) = (last.Channels, auxiliary.Channels);
        foreach (var parameter in _plan.Weighted.SelectMany(layer => layer.Parameters))
            Track(parameter);
    }

    /// <inheritdoc/>
    public override int FeatureCount { get; }

    /// <inheritdoc/>
    public override int AuxiliaryFeatureCount { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<NetworkLayer> Layers => _plan.Layers;

    /// <inheritdoc/>
    public override IEnumerable<Statistic> Statistics => _plan.Weighted.SelectMany(layer => layer.Statistics);

    /// <summary>Whether examples are pictures that are large enough.</summary>
    public static bool Fits(IReadOnlyList<int> inputShape) => inputShape.Count == 3 && inputShape[1] >= SmallestSide && inputShape[2] >= SmallestSide;

    /// <inheritdoc/>
    public override string AddTo(OnnxGraph graph, string input)
    {
        var x = graph.Node("Reshape", [input, graph.Constant("trunk.picture", [0, .. _picture.ToArray()])]);
        return graph.Node("Flatten", [graph.Node("GlobalAveragePool", [_last.AddTo(graph, _first.AddTo(graph, x))])]);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var layer in _plan.Weighted)
            layer.Dispose();
    }

    /// <inheritdoc/>
    protected override torch.Tensor Compute(torch.Tensor input, bool training)
    {
        using var middle = Begin(input, training);
        return End(middle, training);
    }

    /// <inheritdoc/>
    protected override (torch.Tensor Features, torch.Tensor? Auxiliary) ComputeBatch(torch.Tensor input)
    {
        using var middle = Begin(input, training: true);
        return (End(middle, training: true), _auxiliary.Compute(Pool(middle), training: true).flatten(1));
    }

    private torch.Tensor Begin(torch.Tensor input, bool training) =>
        _first.Compute(input.view(input.shape[0], _picture.Channels, _picture.Height, _picture.Width), training);

    private torch.Tensor End(torch.Tensor middle, bool training)
    {
        using var maps = _last.Compute(middle, training);
        return maps.mean([2, 3]);
    }

    // Of smaller pictures the pooling would leave less than the convolution needs, of larger ones more.
    private static torch.Tensor Pool(torch.Tensor middle)
    {
        var fits = middle.shape.Skip(2).All(size => ((size - AuxiliaryWindow) / AuxiliaryStride) + 1 == AuxiliarySide);
        return fits
            ? torch.nn.functional.avg_pool2d(middle, [AuxiliaryWindow, AuxiliaryWindow], [AuxiliaryStride, AuxiliaryStride])
            : torch.nn.functional.adaptive_avg_pool2d(middle, [AuxiliarySide, AuxiliarySide]);
    }

    private (PictureBlock Block, PictureShape Output) Place(string name, (string Name, PictureBlock Block)[] blocks, PictureShape input)
    {
        foreach (var (part, block) in blocks)
            input = block.Place($"{name}.{part}", input, _plan);
        return (new ChainBlock([.. blocks.Select(item => item.Block)]), input);
    }
}

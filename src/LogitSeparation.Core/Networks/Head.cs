using TorchSharp;

namespace LogitSeparation.Core.Networks;

/// <summary>
/// The output layer: z = h Wᵀ + b, one row of W and one number of b a class. No normalisation follows it, so a class's logit
/// depends on that class's row alone: this is what single-logit classification rests on.
/// </summary>
internal sealed class Head
{
    private readonly string _name;
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private torch.Tensor? _features;

    /// <summary>Creates a head; its parameters are added to the buffer.</summary>
    /// <param name="features">d.</param>
    /// <param name="classCount">k.</param>
    /// <param name="parameters">Where the parameters go.</param>
    /// <param name="seed">Decides the initial weights.</param>
    /// <param name="bias">What the biases start from.</param>
    public Head(int features, int classCount, ParameterBuffer parameters, int seed, double bias = 0)
        : this("head", features, classCount, parameters, seed, layer: -1, bias)
    {
    }

    private Head(string name, int features, int classCount, ParameterBuffer parameters, int seed, int layer, double bias)
    {
        _name = name;
        _weight = parameters.Add($"{name}.weight", InitialWeights.Uniform(classCount, features, seed, layer), classCount, features);
        _bias = parameters.Add($"{name}.bias", InitialWeights.Constant(classCount, (float)bias), classCount);
    }

    /// <summary>W, k x d.</summary>
    public Parameter Weight => _weight;

    /// <summary>b, k.</summary>
    public Parameter Bias => _bias;

    /// <summary>What a user may want to see of it.</summary>
    public NetworkLayer Layer => new(_name, "dense", new[] { _weight.Shape[0] }, _weight.Length + _bias.Length, _weight.Length);

    /// <summary>
    /// The head for what a trunk computes half way, whose loss is added in training so that the first layers learn sooner
    /// (Szegedy et al. 2015); null where the trunk has no such features. Nothing asks it for logits afterwards.
    /// </summary>
    public static Head? CreateAuxiliary(Trunk trunk, int classCount, ParameterBuffer parameters, int seed, double bias = 0) =>
        trunk.AuxiliaryFeatureCount == 0 ? null
            : new("trunk.auxiliary.head", trunk.AuxiliaryFeatureCount, classCount, parameters, seed, layer: -2, bias);

    /// <summary>The logits of a training batch: m x k.</summary>
    /// <param name="features">m x d.</param>
    public torch.Tensor Forward(torch.Tensor features)
    {
        _features = features;
        return Infer(features);
    }

    /// <summary>Gathers the head's gradients, as <see cref="Trunk.Backward"/> says.</summary>
    /// <param name="gradient">The derivative by the logits, m x k.</param>
    /// <param name="beta">0 to 1.</param>
    /// <returns>The derivative by the features, m x d.</returns>
    public torch.Tensor Backward(torch.Tensor gradient, double beta)
    {
        if (_features is null)
            throw new InvalidOperationException("A backward pass needs a forward pass before it.");
        _bias.Gradient.addmv_(gradient.t(), torch.ones(gradient.shape[0], dtype: gradient.dtype, device: gradient.device), (float)beta, 1);
        _weight.Gradient.addmm_(gradient.t(), _features, (float)beta, 1);
        _features = null;
        return gradient.mm(_weight.Value);
    }

    /// <summary>How many examples should be sent through at once, so that their logits take no more than 64 MiB.</summary>
    /// <param name="most">The number for few classes.</param>
    public int RowsOf(int most) => BlockRows.Within(most, _weight.Shape[0]);

    /// <summary>The logits: n x k.</summary>
    /// <param name="features">n x d.</param>
    public torch.Tensor Infer(torch.Tensor features) => torch.addmm(_bias.Value, features, _weight.Value.t(), 1, 1);
}

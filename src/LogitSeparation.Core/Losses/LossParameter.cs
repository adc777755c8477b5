using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Losses;

/// <summary>
/// Numbers of a loss that train along with the network: in its flat buffer, so that the optimizer, checkpoints and models have them, but
/// without weight decay. Outside of a training they are what they were made with.
/// </summary>
/// <param name="name">Its name in the loss; a model knows it as <c>loss.</c> and that.</param>
/// <param name="initial">Its first values.</param>
/// <param name="shape">Its sizes.</param>
internal sealed class LossParameter(string name, double[] initial, params int[] shape)
{
    private Parameter? _parameter;

    /// <summary>Its name in a saved model.</summary>
    public string Name { get; } = $"{Model.LossPrefix}{name}";

    /// <summary>Its sizes.</summary>
    public IReadOnlyList<int> Shape => shape;

    /// <summary>The number of values.</summary>
    public int Length => Initial.Length;

    /// <summary>The values before a training, or in place of one.</summary>
    public double[] Initial { get; set; } = initial;

    /// <summary>The values in training; null outside of one.</summary>
    public torch.Tensor? Trained => _parameter?.Value;

    /// <summary>The only value, as it is now.</summary>
    public double Scalar => Trained is { } trained ? trained.item<float>() : Initial[0];

    /// <summary>Takes a place in a network's buffer.</summary>
    public void AddTo(ParameterBuffer parameters) => _parameter = parameters.Add(Name, () => Array.ConvertAll(Initial, value => (float)value), decays: false, shape);

    /// <summary>The values as a tensor of the logits' type and device.</summary>
    public torch.Tensor Like(torch.Tensor logits) => Trained is { } trained
        ? trained.to(logits.dtype)
        : torch.tensor(Initial, Array.ConvertAll(shape, size => (long)size), dtype: logits.dtype, device: logits.device);

    /// <summary>Keeps a share of the gathered gradient and adds one.</summary>
    /// <param name="gradient">The derivative of the step's loss, in one dimension.</param>
    /// <param name="beta">0 to 1.</param>
    public void Gather(torch.Tensor gradient, double beta)
    {
        var gathered = (_parameter ?? throw new InvalidOperationException("A loss gathers gradients in a training alone.")).Gradient;
        gathered.MultiplyInPlace(beta).AddInPlace(gradient.view(gathered.shape).to(gathered.dtype));
    }
}

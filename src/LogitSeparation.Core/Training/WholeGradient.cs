using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>The gradients by all logits of a batch at once.</summary>
/// <param name="loss">The loss.</param>
/// <param name="network">The network, with any number of heads.</param>
/// <param name="optimizer">The optimizer.</param>
internal sealed class WholeGradient(Loss loss, Network network, Optimizer optimizer) : StepGradient
{
    /// <summary>
    /// The weighted sum of the loss of each output; the loss of the first where there are more. Gathers those of the loss's own parameters too.
    /// </summary>
    /// <inheritdoc/>
    public override (torch.Tensor Value, torch.Tensor? Main) Gather(torch.Tensor input, torch.Tensor labels, long step)
    {
        var outputs = network.Forward(input);
        var first = loss.Evaluate(outputs[0].Logits, labels, step);
        var sum = first.Value;
        var gradients = new torch.Tensor[outputs.Count];
        gradients[0] = first.Gradient;
        var main = outputs.Count > 1 ? sum.clone() : null;
        for (var i = 1; i < outputs.Count; i++)
        {
            var further = loss.Evaluate(outputs[i].Logits, labels, step);
            sum.AddInPlace(further.Value, outputs[i].Weight);
            first.Own?.AddInPlace(further.Own!, outputs[i].Weight);
            gradients[i] = further.Gradient.MultiplyInPlace(outputs[i].Weight);
        }

        network.Backward(gradients, optimizer.Beta);
        if (first.Own is not null)
            loss.Gather(first.Own, optimizer.Beta);
        return (sum, main);
    }
}

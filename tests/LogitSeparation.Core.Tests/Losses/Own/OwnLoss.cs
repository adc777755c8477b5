using static TorchSharp.torch;

namespace LogitSeparation.Core.Tests.Losses.Own;

/// <summary>A loss as a user may write one, with a bias for each class and a threshold that train along: log(1 + e^x) of each logit.</summary>
public sealed class OwnLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Parameter _bias;
    private readonly TorchSharp.Modules.Parameter _threshold;

    public OwnLoss(int classCount) : base(nameof(OwnLoss))
    {
        _bias = nn.Parameter(zeros(classCount));
        _threshold = nn.Parameter(zeros(1) + 0.5);
        RegisterComponents();
    }

    public override Tensor forward(Tensor logits, Tensor labels)
    {
        var isTrue = zeros_like(logits).scatter(1, labels.unsqueeze(1), ones_like(logits));
        return nn.functional.binary_cross_entropy_with_logits(logits + _bias - _threshold, isTrue) * logits.shape[1];
    }
}

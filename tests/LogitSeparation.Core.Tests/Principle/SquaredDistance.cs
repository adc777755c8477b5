using LogitSeparation.Core.Losses;
using TorchSharp;

namespace LogitSeparation.Core.Tests.Principle;

/// <summary>A loss that is none of the project's: the squared distance of true logits from 1 and of false ones from -1.</summary>
internal sealed class SquaredDistance : Loss
{
    protected override LossValue EvaluateTable(torch.Tensor logits, torch.Tensor labels, long step)
    {
        var target = torch.full_like(logits, -1.0);
        target.scatter_(1, labels.unsqueeze(1), torch.ones(labels.shape[0], 1, dtype: logits.dtype));
        var difference = logits - target;
        return new((difference * difference).sum([1]).mean(), difference * (2.0 / labels.shape[0]));
    }

    protected override double EvaluateRows(RowBatch batch, long step) => throw new NotSupportedException();
}

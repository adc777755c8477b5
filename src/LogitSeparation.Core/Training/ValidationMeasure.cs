using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>Measures a network in training on the validation split.</summary>
/// <param name="dataset">The data set.</param>
/// <param name="validation">Its validation split on the device; null where it is empty.</param>
/// <param name="selectBy">What learning rates are compared by: average precision costs a pass over all logits, so it is measured where needed.</param>
internal sealed class ValidationMeasure(Dataset dataset, DeviceSplit? validation, SelectionMeasure selectBy)
{
    /// <summary>Above this many logits (1 GiB) average precision is measured on logits that each pass computes anew.</summary>
    private const long LargestInMemory = 1L << 28;

    /// <summary>The accuracy, the margin, and the mean average precision where it is needed; null where there are no examples.</summary>
    /// <param name="network">The network.</param>
    /// <param name="cancellation">Looked at before each block.</param>
    public ValidationFindings Measure(Network network, CancellationToken cancellation) =>
        Measure(network, LargestInMemory, cancellation);

    /// <summary>The same with another limit of what is held in memory.</summary>
    internal ValidationFindings Measure(Network network, long largestInMemory, CancellationToken cancellation)
    {
        if (validation is null)
            return default;
        var logits = new ValidationLogits(network, validation, dataset, cancellation);
        var k = dataset.ClassCount;
        var needsTable = selectBy == SelectionMeasure.Auprc;
        var table = needsTable && (long)validation.Count * k <= largestInMemory ? new float[validation.Count * k] : null;
        var correct = 0L;
        var (smallestTrue, largestFalse) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var first = 0; first < validation.Count; first += logits.BlockRows)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            var (block, labels) = logits.Compute(first, Math.Min(logits.BlockRows, validation.Count - first));
            correct += block.argmax(1).eq(labels).sum().item<long>();
            if (table is not null)
                block.cpu().data<float>().CopyTo(table, first * k);
            var (zTrue, zFalse) = Extremes(block, labels);
            smallestTrue = Math.Min(smallestTrue, zTrue);
            largestFalse = Math.Max(largestFalse, zFalse);
        }

        var margin = smallestTrue - largestFalse;
        return new(
            (double)correct / validation.Count,
            double.IsFinite(margin) ? margin : null,
            needsTable ? Auprc(table is null ? logits : logits.Hold(table), cancellation) : null);
    }

    // The smallest true logit and the largest false one, NaN where there is one. The true ones leave the block: it is not needed after this.
    private static (double SmallestTrue, double LargestFalse) Extremes(torch.Tensor block, torch.Tensor labels)
    {
        var column = labels.unsqueeze(1);
        var zTrue = block.gather(1, column);
        var nothing = TensorArithmetic.Filled(zTrue.shape, double.NegativeInfinity, block.dtype, block.device);
        var zFalse = block.scatter_(1, column, nothing);
        return (zTrue.min().item<float>(), zFalse.max().item<float>());
    }

    // Logits that left the finite numbers rank nothing; the run itself reports them.
    private static double Auprc(Logits logits, CancellationToken cancellation)
    {
        try
        {
            return SlcMetrics.Measure(logits, cancellationToken: cancellation).Auprc;
        }
        catch (SlcException error) when (error.ErrorId == "NaNLogit")
        {
            return 0;
        }
    }
}

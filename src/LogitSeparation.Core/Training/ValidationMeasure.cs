using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>Measures a network in training on the validation split.</summary>
/// <param name="dataset">The data set.</param>
/// <param name="validation">Its validation split on the device; null where it is empty.</param>
/// <param name="selectBy">What learning rates are compared by: average precision costs a pass over all logits, so it is measured where needed.</param>
internal sealed class ValidationMeasure(Dataset dataset, DeviceSplit? validation, SelectionMeasure selectBy)
{
    private const int MostRows = 2048;

    /// <summary>The accuracy, and the mean average precision where it is needed; null where there are no examples.</summary>
    public (double? Accuracy, double? Auprc) Measure(Network network)
    {
        if (validation is null)
            return (null, null);
        var k = dataset.ClassCount;
        var table = selectBy == SelectionMeasure.Auprc ? new float[checked(validation.Count * k)] : null;
        var rows = network.Trunk.RowsOf(validation.SliceRows(MostRows));
        var correct = 0L;
        for (var first = 0; first < validation.Count; first += rows)
        {
            using var scope = torch.NewDisposeScope();
            var (input, labels) = validation.Slice(first, Math.Min(rows, validation.Count - first));
            var logits = network.Head.Infer(network.Trunk.Infer(input));
            correct += logits.argmax(1).eq(labels).sum().item<long>();
            if (table is not null)
                logits.cpu().data<float>().CopyTo(table, first * k);
        }

        return ((double)correct / validation.Count, table is null ? null : Auprc(table));
    }

    // Logits that left the finite numbers rank nothing; the run itself reports them.
    private double Auprc(float[] table)
    {
        if (Array.Exists(table, float.IsNaN))
            return 0;
        return SlcMetrics.Measure(new MemoryLogits(table, dataset.Validation.Labels.ToArray(), dataset.ClassNames)).Auprc;
    }
}

using System.Management.Automation;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;

namespace LogitSeparation.PowerShell;

/// <summary>The logits of a model on a split.</summary>
internal static class ModelTable
{
    // Below this many logits (1 GiB) a table is computed once and kept; above, block after block at every pass.
    private const long LargestInMemory = 1L << 28;

    /// <summary>Computes, or describes, the table.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="split">The split.</param>
    /// <param name="device">The device.</param>
    /// <param name="cancellation">Stops the computing.</param>
    public static Logits Compute(Model model, Dataset dataset, Split split, string device, CancellationToken cancellation) =>
        Keep(new(model, dataset, split, device, cancellation));

    /// <summary>The table itself where it fits, so that no pass computes it again.</summary>
    /// <param name="logits">Logits of a model.</param>
    public static Logits Keep(ModelLogits logits) =>
        (long)logits.Count * logits.ClassCount <= LargestInMemory ? logits.ToMemory() : logits;

    /// <summary>The data set that a model was trained on, found again where the model comes from a file.</summary>
    /// <param name="cmdlet">Whose progress is shown.</param>
    /// <param name="model">The model.</param>
    /// <param name="noDownload">Whether what is not on this machine stays away.</param>
    /// <param name="cancellation">Stops the search.</param>
    public static Dataset OpenDataset(Cmdlet cmdlet, Model model, bool noDownload, CancellationToken cancellation)
    {
        using var line = new DownloadLine(cmdlet, model.Dataset);
        return model.OpenDataset(noDownload, line.Report, cancellation);
    }
}

using System.Management.Automation;
using LogitSeparation.Core.Data;

namespace LogitSeparation.PowerShell;

/// <summary>The progress of a download, where one turns out to be needed.</summary>
internal sealed class DownloadLine(Cmdlet cmdlet, string dataset) : IDisposable
{
    private const double Megabyte = 1e6;

    private readonly ProgressLine _line = new(cmdlet, $"Downloading {dataset}");

    public void Report(DownloadProgress download)
    {
        var status = FormattableString.Invariant(
            $"{download.FileName}: {download.ReceivedBytes / Megabyte:f1} of {download.TotalBytes / Megabyte:f1} MB");
        _line.Report(status, download.TotalBytes > 0 ? (double)download.ReceivedBytes / download.TotalBytes : null);
    }

    public void Dispose() => _line.Dispose();
}

using System.Runtime.InteropServices;
using LogitSeparation.Core.Runtime;

namespace LogitSeparation.Core.Reports;

/// <summary>The machine that a report was made on.</summary>
/// <param name="Processor">The processor's name.</param>
/// <param name="ProcessorCount">The number of logical processors that this process may use.</param>
/// <param name="System">The operating system.</param>
/// <param name="Runtime">The .NET runtime.</param>
public sealed record ReportMachine(string Processor, int ProcessorCount, string System, string Runtime)
{
    /// <summary>Describes this machine.</summary>
    public static ReportMachine Read() => new(
        ProcessorName.Read(), Environment.ProcessorCount, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription);
}

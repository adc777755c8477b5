using System.Collections;
using LogitSeparation.Core.Runtime;

namespace LogitSeparation.PowerShell;

/// <summary>Completes the names of the devices that can be used.</summary>
public sealed class DeviceCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string ToolTip)> Names(IDictionary boundParameters) =>
        Devices.List().Select(device => (device.Name, device.Description)).Append(("auto", "The best that is there"));
}

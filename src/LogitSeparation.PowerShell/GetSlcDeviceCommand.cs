using System.Management.Automation;
using LogitSeparation.Core.Runtime;

namespace LogitSeparation.PowerShell;

/// <summary>Lists the devices that can be computed on.</summary>
[Cmdlet(VerbsCommon.Get, "SlcDevice")]
[OutputType(typeof(DeviceInfo))]
public sealed class GetSlcDeviceCommand : SlcCommand
{
    /// <inheritdoc/>
    protected override void Process() => WriteObject(Devices.List(), enumerateCollection: true);
}

using System.Management.Automation;
using LogitSeparation.Core;
using LogitSeparation.Core.Data;

namespace LogitSeparation.PowerShell;

/// <summary>
/// Opens data sets that are given by their names, as Get-SlcDataset does without other parameters. What is not on this machine is not
/// downloaded behind the user's back.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DatasetNameAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Plain(inputData) switch
    {
        string name => Open(name),
        object[] several when several.Any(item => Plain(item) is string) =>
            Array.ConvertAll(several, item => Plain(item) is string name ? Open(name) : item),
        _ => inputData,
    };

    private static object? Plain(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static Dataset Open(string name)
    {
        try
        {
            return DatasetCatalog.Open(new() { Name = name, NoDownload = true }, null, CancellationToken.None);
        }
        catch (SlcException failure)
        {
            throw new ArgumentTransformationMetadataException($"{failure.Message} Get-SlcDataset opens data sets, and downloads those that can be.", failure);
        }
    }
}

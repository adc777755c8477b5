using System.Management.Automation;
using LogitSeparation.Core.Classes;
using LogitSeparation.Core.Models;

namespace LogitSeparation.PowerShell;

/// <summary>Takes classes out of a model.</summary>
[Cmdlet(VerbsCommon.Remove, "SlcClass")]
[OutputType(typeof(Model))]
public sealed class RemoveSlcClassCommand : SlcCommand
{
    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public Model Model { get; set; } = null!;

    /// <summary>The names of the classes.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ClassCompleter))]
    public string[] Class { get; set; } = [];

    /// <inheritdoc/>
    protected override void Process() =>
        WriteObject(ClassRemoval.Remove(Model, [.. NamePattern.Resolve(Class, Model.ClassNames, "class", "UnknownClass")]));
}

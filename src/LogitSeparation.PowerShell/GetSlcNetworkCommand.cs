using System.Management.Automation;
using LogitSeparation.Core;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;

namespace LogitSeparation.PowerShell;

/// <summary>Lists the networks, with layers, parameters and multiply-adds for an input shape and a number of classes.</summary>
[Cmdlet(VerbsCommon.Get, "SlcNetwork")]
[OutputType(typeof(NetworkInfo))]
public sealed class GetSlcNetworkCommand : SlcCommand
{
    /// <summary>The names.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>The shape of one example.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("ExampleShape")]
    [ValidateRange(1, 1 << 20)]
    public int[] InputShape { get; set; } = [];

    /// <summary>The number of units of each fully connected layer before the head.</summary>
    [Parameter]
    public int[] HiddenUnit { get; set; } = [];

    /// <summary>The user's own assembly whose networks are looked at.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AssemblyPath { get; set; }

    /// <summary>The number of classes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, int.MaxValue)]
    public int ClassCount { get; set; } = 10;

    /// <inheritdoc/>
    protected override void Process()
    {
        if (AssemblyPath is not null)
        {
            WriteOwn(UserAssembly.Load(FilePaths.Resolve(this, AssemblyPath)));
            return;
        }

        // A wildcard asks for what there is for such examples; a name that does not fit them is a mistake.
        var plain = Name.Where(name => !WildcardPattern.ContainsWildcardCharacters(name)).ToArray();
        var wild = NetworkNames.Resolve(Name.Except(plain)).Where(name => NetworkCatalog.Takes(name, InputShape, HiddenUnit));
        foreach (var name in NetworkNames.ResolvePlain(plain).Union(wild))
            WriteObject(NetworkCatalog.Inspect(name, InputShape, HiddenUnit, ClassCount));
    }

    private void WriteOwn(AssemblyIdentity assembly)
    {
        if (InputShape.Length == 0)
        {
            throw new SlcException("InputShapeMissing", SlcErrorKind.InvalidArgument,
                "A network of your own has no usual shape of examples. Give -InputShape, or pipe a data set in.", nameof(InputShape));
        }

        var patterns = Name.Select(name => new WildcardPattern(name, WildcardOptions.IgnoreCase)).ToArray();
        var plain = Name.Where(name => !WildcardPattern.ContainsWildcardCharacters(name));
        foreach (var name in NetworkCatalog.OwnNames(assembly).Where(name => patterns.Any(pattern => pattern.IsMatch(name))).Union(plain))
            WriteObject(NetworkCatalog.Inspect(name, InputShape, HiddenUnit, ClassCount, assembly));
    }
}

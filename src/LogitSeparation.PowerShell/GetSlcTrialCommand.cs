using System.Management.Automation;
using LogitSeparation.Core.Sweeps;

namespace LogitSeparation.PowerShell;

/// <summary>Gives the trials of a sweep as they stand.</summary>
[Cmdlet(VerbsCommon.Get, "SlcTrial")]
[OutputType(typeof(Trial))]
public sealed class GetSlcTrialCommand : SlcCommand
{
    private GroupedOutput _output = null!;

    /// <summary>The folder of a sweep, or of one trial; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Folder")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string Path { get; set; } = "";

    /// <summary>Only trials in these states.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [NamedValue<TrialState>]
    public TrialState[] State { get; set; } = Enum.GetValues<TrialState>();

    /// <inheritdoc/>
    protected override void Begin() => _output = new(this);

    /// <inheritdoc/>
    protected override void EndProcessing() => _output.Complete();

    private protected override void BeforeError() => _output.Flush();

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var trial in Folders().SelectMany(Sweep.Trials).Where(trial => State.Contains(trial.State)))
            _output.Write(trial);
    }

    // A folder may have brackets in its name, and files may match too.
    private IEnumerable<string> Folders()
    {
        var literal = FilePaths.Resolve(this, Path);
        return !WildcardPattern.ContainsWildcardCharacters(Path) || Directory.Exists(literal)
            ? [literal]
            : FilePaths.ResolveWildcards(this, Path).Where(Directory.Exists);
    }
}

using System.Management.Automation;

namespace LogitSeparation.PowerShell;

/// <summary>A cmdlet that reads files.</summary>
public abstract class ImportCommand : SlcCommand
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <summary>The files; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The files, taken as they are written.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <inheritdoc/>
    protected sealed override void Process()
    {
        if (ParameterSetName == LiteralPathSet)
        {
            foreach (var path in LiteralPath)
                Guard(() => Import(FilePaths.Resolve(this, path)));
            return;
        }

        foreach (var path in Path)
            Guard(() => ImportAll(FilePaths.ResolveWildcards(this, path)));
    }

    /// <summary>Reads one file and writes what it holds.</summary>
    /// <param name="path">The full path.</param>
    protected abstract void Import(string path);

    private void ImportAll(IReadOnlyList<string> paths)
    {
        // A wildcard finds them too.
        foreach (var path in paths.Except(paths.SelectMany(Companions)))
            Guard(() => Import(path));
    }

    /// <summary>The files that are read along with one.</summary>
    private protected virtual IEnumerable<string> Companions(string path) => [];
}

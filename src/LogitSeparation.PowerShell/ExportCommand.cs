using System.Management.Automation;
using LogitSeparation.Core;

namespace LogitSeparation.PowerShell;

/// <summary>A cmdlet that writes each input object to a file.</summary>
public abstract class ExportCommand : SlcCommand
{
    private readonly HashSet<string> _written = new(StringComparer.OrdinalIgnoreCase);
    private bool _isFolder;

    /// <summary>The file, or a folder in which each object gets a file of its own.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Refuse to replace a file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Replace a file even where it is read-only, and make missing folders.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Hand the object on.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Writes one object, where the user agrees, and hands it on.</summary>
    /// <param name="item">The object.</param>
    /// <param name="name">The file's name where <see cref="Path"/> is a folder.</param>
    /// <param name="write">Writes the file.</param>
    private protected void Export(object item, ExportName name, Action<string> write)
    {
        var path = FilePaths.Resolve(this, Path);
        _isFolder = Directory.Exists(path) || System.IO.Path.EndsInDirectorySeparator(Path);
        if (_isFolder)
        {
            var names = name.Variants.Select(variant => System.IO.Path.Combine(path, variant)).ToArray();
            path = Array.Find(names, variant => !_written.Contains(variant)) ?? names[^1];
        }

        if (ShouldProcess(path, $"Write {item}"))
        {
            Prepare(path);
            write(path);
        }

        if (PassThru)
            WriteObject(item);
    }

    private void Prepare(string path)
    {
        if (!_written.Add(path))
        {
            throw new SlcException("FileWrittenTwice", SlcErrorKind.WriteFailed,
                $"'{path}' was written by this command already: " + (_isFolder
                    ? "two objects have the same data set, loss, seed and learning rate. Export each by a command of its own, with a file as -Path."
                    : "give -Path a folder where there are several objects."), path);
        }

        foreach (var file in Companions(path).Prepend(path))
            TargetFile.Prepare(file, NoClobber, Force);
    }

    /// <summary>The files that are written beside one.</summary>
    private protected virtual IEnumerable<string> Companions(string path) => [];
}

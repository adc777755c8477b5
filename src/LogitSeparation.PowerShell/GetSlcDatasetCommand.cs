using System.Management.Automation;
using LogitSeparation.Core.Data;

namespace LogitSeparation.PowerShell;

/// <summary>Opens a data set, or lists those that there are.</summary>
[Cmdlet(VerbsCommon.Get, "SlcDataset", DefaultParameterSetName = OpenSet)]
[OutputType(typeof(Dataset), ParameterSetName = [OpenSet])]
[OutputType(typeof(DatasetInfo), ParameterSetName = [ListSet])]
public sealed class GetSlcDatasetCommand : SlcCommand
{
    private const string OpenSet = "Open";
    private const string ListSet = "List";

    /// <summary>The name.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DatasetCompleter))]
    public string? Name { get; set; }

    /// <summary>The folder, or the file of the training images.</summary>
    [Parameter(Position = 1, ParameterSetName = OpenSet)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The file of the training labels.</summary>
    [Parameter(ParameterSetName = OpenSet)]
    [ValidateNotNullOrEmpty]
    public string? LabelPath { get; set; }

    /// <summary>The file of the test images.</summary>
    [Parameter(ParameterSetName = OpenSet)]
    [ValidateNotNullOrEmpty]
    public string? TestPath { get; set; }

    /// <summary>The file of the test labels.</summary>
    [Parameter(ParameterSetName = OpenSet)]
    [ValidateNotNullOrEmpty]
    public string? TestLabelPath { get; set; }

    /// <summary>The number of test examples to take out of a single pair of files.</summary>
    [Parameter(ParameterSetName = OpenSet)]
    public int? TestCount { get; set; }

    /// <summary>The number of validation examples.</summary>
    [Parameter(ParameterSetName = OpenSet)]
    public int? ValidationCount { get; set; }

    /// <summary>Decides which training examples are held out for validation.</summary>
    [Parameter(ParameterSetName = OpenSet)]
    public int Seed { get; set; }

    /// <summary>Do not download what is not on this machine.</summary>
    [Parameter(ParameterSetName = OpenSet)]
    public SwitchParameter NoDownload { get; set; }

    /// <summary>List the data sets instead of opening one.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ListSet)]
    public SwitchParameter ListAvailable { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (ListAvailable)
            WriteList();
        else
            Open();
    }

    private void WriteList()
    {
        var all = DatasetCatalog.List();
        var names = NamePattern.Resolve([Name ?? "*"], [.. all.Select(dataset => dataset.Name)], "data set", "UnknownDataset");
        WriteObject(names.Select(name => all.First(dataset => dataset.Name == name)), enumerateCollection: true);
    }

    private void Open()
    {
        using var line = new DownloadLine(this, Name ?? "");
        var request = new DatasetRequest
        {
            Name = Name,
            Path = FullPath(Path),
            LabelPath = FullPath(LabelPath),
            TestPath = FullPath(TestPath),
            TestLabelPath = FullPath(TestLabelPath),
            TestCount = TestCount,
            ValidationCount = ValidationCount,
            Seed = Seed,
            NoDownload = NoDownload,
        };
        WriteObject(DatasetCatalog.Open(request, line.Report, Cancellation));
    }

    private string? FullPath(string? path) => path is null ? null : FilePaths.Resolve(this, path);
}

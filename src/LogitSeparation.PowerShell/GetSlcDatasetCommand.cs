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

    /// <summary>For CIFAR100: use the twenty coarse labels.</summary>
    [Parameter(ParameterSetName = OpenSet)]
    public SwitchParameter CoarseLabel { get; set; }

    /// <summary>For SVHN: add the extra examples to those for training.</summary>
    [Parameter(ParameterSetName = OpenSet)]
    public SwitchParameter Extra { get; set; }

    /// <summary>For pictures: how many columns and rows they shall have.</summary>
    [Parameter(ParameterSetName = OpenSet)]
    public int? Size { get; set; }

    /// <summary>For a folder of pictures: decode them while training instead of keeping them in memory.</summary>
    [Parameter(ParameterSetName = OpenSet)]
    public SwitchParameter Stream { get; set; }

    /// <summary>For a .csv file: the column of labels.</summary>
    [Parameter(ParameterSetName = OpenSet)]
    [ValidateNotNullOrEmpty]
    public string? LabelColumn { get; set; }

    /// <summary>For Synthetic: the number of classes.</summary>
    [Parameter(ParameterSetName = OpenSet)]
    public int? ClassCount { get; set; }

    /// <summary>For Synthetic: the number of features.</summary>
    [Parameter(ParameterSetName = OpenSet)]
    public int? Dimension { get; set; }

    /// <summary>For Synthetic: the radius of the sphere that the classes' centres lie on.</summary>
    [Parameter(ParameterSetName = OpenSet)]
    public double? Separation { get; set; }

    /// <summary>For Synthetic: the standard deviation of the noise.</summary>
    [Parameter(ParameterSetName = OpenSet)]
    public double? Noise { get; set; }

    /// <summary>For Synthetic: the number of training examples, validation included.</summary>
    [Parameter(ParameterSetName = OpenSet)]
    public int? TrainCount { get; set; }

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
            CoarseLabel = CoarseLabel,
            Extra = Extra,
            Size = Size,
            Stream = Stream,
            LabelColumn = LabelColumn,
            Synthetic = SyntheticOptions(),
        };
        var dataset = DatasetCatalog.Open(request, line.Report, Cancellation);
        if (dataset.Note is not null)
            WriteWarning($"{dataset.Name}: {dataset.Note}");
        WriteObject(dataset);
    }

    private SyntheticOptions? SyntheticOptions()
    {
        var usual = new SyntheticOptions();
        return ClassCount is null && Dimension is null && Separation is null && Noise is null && TrainCount is null ? null : usual with
        {
            ClassCount = ClassCount ?? usual.ClassCount,
            Dimension = Dimension ?? usual.Dimension,
            Separation = Separation ?? usual.Separation,
            Noise = Noise ?? usual.Noise,
            TrainCount = TrainCount,
        };
    }

    private string? FullPath(string? path) => path is null ? null : FilePaths.Resolve(this, path);
}

using System.Management.Automation;
using LogitSeparation.Core;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Data.Pictures;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;

namespace LogitSeparation.PowerShell;

/// <summary>A cmdlet over examples for a model: a split, pictures, or rows of numbers.</summary>
public abstract class ExampleCommand : SlcCommand
{
    private protected const string DatasetSet = "Dataset";
    private protected const string PathSet = "Path";
    private protected const string LiteralPathSet = "LiteralPath";
    private protected const string FeatureSet = "Feature";

    // What comes one by one is decoded on all processors; who waits for the first match does not wait for many.
    private const int PicturesAtOnce = 64;

    private readonly List<string> _pictures = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private int _pictureCount;

    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public Model Model { get; set; } = null!;

    /// <summary>The data set, in place of the one that the model was trained on.</summary>
    [Parameter(ParameterSetName = DatasetSet)]
    public Dataset? Dataset { get; set; }

    /// <summary>The split of the data set.</summary>
    [Parameter(ParameterSetName = DatasetSet)]
    [NamedValue<Split>]
    public Split Split { get; set; } = Split.Test;

    /// <summary>Do not download a data set that is not on this machine.</summary>
    [Parameter(ParameterSetName = DatasetSet)]
    public SwitchParameter NoDownload { get; set; }

    /// <summary>Pictures, or folders of pictures; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Pictures, or folders of pictures, taken as they are written.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Look into folders in the folders too.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Rows of numbers, or the path of a .npy or .csv file of them.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FeatureSet)]
    [ValidateNotNull]
    public object Feature { get; set; } = null!;

    /// <summary>The device to compute on.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string Device { get; set; } = "cpu";

    /// <summary>Whether pictures come one by one, so that what is asked is asked of all of them together.</summary>
    private protected bool IsPiped => ParameterSetName == LiteralPathSet;

    /// <inheritdoc/>
    protected override void Process()
    {
        Prepare();
        switch (ParameterSetName)
        {
            case LiteralPathSet:
                foreach (var path in LiteralPath)
                    Guard(() => Add(FilePaths.Resolve(this, path)));
                break;
            case PathSet:
                _pictureCount = 0;
                foreach (var path in Path)
                    Guard(() => AddAll(FilePaths.ResolveWildcards(this, path)));
                TakePictures();
                break;
            case FeatureSet:
                Take(FeatureRows.Read(this, Feature, Model));
                break;
            default:
                Take(ExampleSource.OfSplit(Dataset ?? ModelTable.OpenDataset(this, Model, NoDownload, Cancellation), Split));
                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Guard(() =>
    {
        TakePictures();
        Finish();
    });

    /// <summary>Makes ready for what was bound; called before each input.</summary>
    private protected abstract void Prepare();

    /// <summary>Does the work on some examples.</summary>
    /// <param name="examples">The examples.</param>
    private protected abstract void Take(ExampleSource examples);

    /// <summary>Called when all were taken.</summary>
    private protected virtual void Finish()
    {
    }

    private void AddAll(IReadOnlyList<string> paths)
    {
        foreach (var path in paths)
            Guard(() => Add(path));
    }

    private void Add(string path)
    {
        foreach (var picture in Find(path))
        {
            // Get-ChildItem -Recurse gives folders beside what is in them.
            if (IsPiped && !_seen.Add(picture))
                continue;
            _pictures.Add(picture);
            if (_pictures.Count == PicturesAtOnce)
                TakePictures();
        }
    }

    private IReadOnlyList<string> Find(string path)
    {
        try
        {
            return PictureSearch.Find(IsPiped ? Followed(path) : path, Recurse, Report);
        }
        catch (SlcException failure) when (failure.ErrorId == "PicturesMissing" && MyInvocation.ExpectingInput)
        {
            return [];
        }
    }

    // What a link to a folder leads to is known by its own name, so that its pictures come once.
    private static string Followed(string path) =>
        Directory.Exists(path) ? Directory.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;

    private void TakePictures()
    {
        if (_pictures.Count == 0)
            return;
        string[] pictures = [.. _pictures];
        var first = _pictureCount;
        _pictures.Clear();
        _pictureCount += pictures.Length;
        Take(ExampleSource.OfPictures(pictures, first, Report));
    }
}

using System.Management.Automation;
using LogitSeparation.Core;
using LogitSeparation.Core.Indexing;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;

namespace LogitSeparation.PowerShell;

/// <summary>Runs a model's trunk over examples and keeps their features in a file.</summary>
[Cmdlet(VerbsCommon.New, "SlcIndex", DefaultParameterSetName = DatasetSet, SupportsShouldProcess = true)]
[OutputType(typeof(FeatureIndex))]
public sealed class NewSlcIndexCommand : ExampleCommand
{
    private IndexBuilder? _builder;
    private Model? _prepared;
    private string? _path;
    private ProgressLine? _line;

    /// <summary>The file of the index.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string IndexPath { get; set; } = "";

    /// <summary>What the features are kept as.</summary>
    [Parameter]
    [NamedValue<FeatureType>]
    public FeatureType Type { get; set; } = FeatureType.F32;

    /// <summary>Make the graph that approximate answers come from too.</summary>
    [Parameter]
    public SwitchParameter Approximate { get; set; }

    /// <summary>Add to the index that is there.</summary>
    [Parameter]
    public SwitchParameter Append { get; set; }

    /// <summary>Replace a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Begin()
    {
        _path = FilePaths.Resolve(this, IndexPath);
        if (Append && MyInvocation.BoundParameters.ContainsKey(nameof(Type)))
        {
            throw new SlcException("TypeOfAppended", SlcErrorKind.InvalidArgument,
                "-Append adds features as the index keeps them: leave -Type out, or make a new index.", nameof(Type));
        }

        if (!Append && !Force && File.Exists(_path))
        {
            throw new SlcException("IndexExists", SlcErrorKind.InvalidArgument,
                $"There is a file '{_path}' already. Add to it with -Append, replace it with -Force, or give another name.", _path);
        }
    }

    /// <inheritdoc/>
    private protected override void Prepare()
    {
        if (_prepared is not null)
        {
            if (!ReferenceEquals(_prepared, Model))
            {
                throw new SlcException("SeveralModels", SlcErrorKind.InvalidArgument,
                    $"An index holds the features of one model, and here comes another ({Model}). Make an index for each.", nameof(Model));
            }

            return;
        }

        _prepared = Model;
        if (!ShouldProcess(_path!, Append ? "Add to the index" : "Make an index"))
            return;
        _builder = Append ? IndexBuilder.Append(Model, _path!, Device) : IndexBuilder.Create(Model, _path!, Type, Device);
        _line = new(this, "Features");
    }

    /// <inheritdoc/>
    private protected override void Take(ExampleSource examples)
    {
        if (_builder is null)
            return;
        foreach (var count in _builder.Add(examples, Cancellation))
            _line!.Report(FormattableString.Invariant($"{count} examples"), share: null);
    }

    /// <inheritdoc/>
    private protected override void Finish()
    {
        if (_builder is null)
            return;
        var index = _builder.Close();
        _line!.Dispose();
        if (Approximate)
            GraphProgress.Build(this, index, _prepared!, Cancellation);
        WriteObject(index);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _builder?.Dispose();
            _line?.Dispose();
        }

        base.Dispose(disposing);
    }
}

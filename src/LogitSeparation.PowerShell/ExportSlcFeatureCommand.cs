using System.Management.Automation;
using LogitSeparation.Core;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Features;
using LogitSeparation.Core.Models;

namespace LogitSeparation.PowerShell;

/// <summary>Computes the features of a data set once, and keeps them.</summary>
[Cmdlet(VerbsData.Export, "SlcFeature", SupportsShouldProcess = true, DefaultParameterSetName = "Onnx")]
[OutputType(typeof(Dataset))]
public sealed class ExportSlcFeatureCommand : SlcCommand
{
    private bool _isWritten;

    /// <summary>The folder.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The data set.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public Dataset Dataset { get; set; } = null!;

    /// <summary>The ONNX file that computes the features.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Onnx")]
    [ValidateNotNullOrEmpty]
    public string? OnnxPath { get; set; }

    /// <summary>The name of what the graph computes.</summary>
    [Parameter(ParameterSetName = "Onnx")]
    [ValidateNotNullOrEmpty]
    public string? OutputName { get; set; }

    /// <summary>What is subtracted from the numbers of an example.</summary>
    [Parameter(ParameterSetName = "Onnx")]
    [ValidateNotNullOrEmpty]
    public double[]? PixelMean { get; set; }

    /// <summary>What they are divided by then.</summary>
    [Parameter(ParameterSetName = "Onnx")]
    [ValidateNotNullOrEmpty]
    public double[]? PixelDeviation { get; set; }

    /// <summary>The model whose trunk computes the features.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Model")]
    public Model? Model { get; set; }

    /// <summary>Where the trunk computes.</summary>
    [Parameter(ParameterSetName = "Model")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string Device { get; set; } = "cpu";

    /// <summary>Refuse to replace a file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Replace files even where they are read-only.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var folder = FilePaths.Resolve(this, Path);
        if (!ShouldProcess(folder, $"Write the features of {Dataset}"))
            return;
        if (_isWritten)
        {
            throw new SlcException("FileWrittenTwice", SlcErrorKind.WriteFailed,
                $"The features of a data set were written to '{folder}' by this command already, and those of {Dataset} would replace them. Export each by a command of its own.", folder);
        }

        _isWritten = true;
        var request = new FeatureRequest
        {
            Model = Model,
            OnnxPath = OnnxPath is null ? null : FilePaths.Resolve(this, OnnxPath),
            OutputName = OutputName,
            PixelMean = PixelMean,
            PixelDeviation = PixelDeviation,
            Device = Device,
        };
        using var line = new ProgressLine(this, $"Computing features of {Dataset}");
        WriteObject(FeatureFolder.Export(Dataset, folder, request, path => TargetFile.Prepare(path, NoClobber, Force), share => line.Report(folder, share), Cancellation));
    }
}

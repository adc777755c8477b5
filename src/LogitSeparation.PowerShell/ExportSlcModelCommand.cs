using System.Management.Automation;
using LogitSeparation.Core;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Onnx;

namespace LogitSeparation.PowerShell;

/// <summary>Writes models to .safetensors or .onnx files.</summary>
[Cmdlet(VerbsData.Export, "SlcModel", SupportsShouldProcess = true)]
[OutputType(typeof(Model))]
public sealed class ExportSlcModelCommand : ExportCommand
{
    private const string OnnxExtension = ".onnx";

    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public Model Model { get; set; } = null!;

    /// <summary>The format; without it, what the file's extension says.</summary>
    [Parameter]
    [NamedValue<ModelFormat>]
    public ModelFormat? Format { get; set; }

    /// <summary>For ONNX: a graph that gives all logits, in place of one that takes the classes that are asked for.</summary>
    [Parameter]
    public SwitchParameter AllLogits { get; set; }

    private bool IsOnnx => Format is { } format
        ? format == ModelFormat.Onnx
        : Path.EndsWith(OnnxExtension, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    protected override void Begin()
    {
        if (AllLogits && !IsOnnx)
        {
            throw new SlcException("AllLogitsWithoutOnnx", SlcErrorKind.InvalidArgument,
                "-AllLogits chooses between two ONNX graphs, and a .safetensors file has none. Use -Format Onnx, or leave it out.", nameof(AllLogits));
        }
    }

    /// <inheritdoc/>
    protected override void Process() =>
        Export(Model, new([Model.Dataset, Model.Loss], Model.Training.Seed, Model.LearningRate, IsOnnx ? OnnxExtension : ".safetensors"), Write);

    /// <inheritdoc/>
    private protected override IEnumerable<string> Companions(string path) => IsOnnx ? OnnxModel.CompanionsOf(Model, path) : [];

    private void Write(string path)
    {
        if (!IsOnnx)
        {
            ModelFile.Export(Model, path, Cancellation);
            return;
        }

        var difference = OnnxModel.Export(Model, path, AllLogits, Cancellation);
        WriteVerbose(FormattableString.Invariant($"'{path}': run by ONNX Runtime, its logits differ from the model's own by at most {difference:G3}."));
    }
}

using System.Globalization;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Onnx;
using LogitSeparation.Core.Tests.Formats;
using LogitSeparation.Core.Tests.Training;
using LogitSeparation.Core.Training;
using Xunit;

namespace LogitSeparation.Core.Tests.Onnx;

/// <summary>The written example in Python: examples/score-onnx.py.</summary>
public sealed class PythonExampleTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void It_is_python()
    {
        var python = PythonProgram.With("ast");
        Assert.SkipWhen(python is null, "There is no Python here.");
        Assert.True(PythonProgram.Run(python, ["-c", "import ast, sys; ast.parse(open(sys.argv[1]).read())", Example()], "", out var error) is not null, error);
        Assert.Null(PythonProgram.Run(python, ["-c", "import ast; ast.parse('if:')"], "", out _));
    }

    [Fact]
    public void It_gives_the_models_own_logit()
    {
        var python = PythonProgram.With("numpy, onnxruntime");
        Assert.SkipWhen(python is null, "There is no Python with NumPy and ONNX Runtime here.");
        using var folder = new TemporaryFolder();
        var data = SmallDataset.Create();
        var model = Trainer.Train(data, ["BatchCE"], new(), new() { StepCount = 20, BatchSize = 16, HiddenUnit = [6], Device = TestDevice.Name }, null, Stop).Single().Model!;
        OnnxModel.Export(model, folder["model.onnx"], allLogits: false, Stop);
        var expected = new ModelLogits(model, data, Split.Test, TestDevice.Name, Stop).ToMemory().SingleLogits.Span[1];
        var input = string.Join(' ', data[Split.Test].Example(0).Select(value => value.ToString(CultureInfo.InvariantCulture)));
        var output = PythonProgram.Run(python, [Example(), folder["model.onnx"], model.ClassNames[1]], input, out var error);
        Assert.True(output is not null, error);
        Assert.Equal(expected, float.Parse(output.Trim().Split(' ')[0], CultureInfo.InvariantCulture), 1e-4f);
    }

    private static string Example()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "LogitSeparation.slnx")))
            folder = folder.Parent!;
        return Path.Combine(folder.FullName, "examples", "score-onnx.py");
    }
}

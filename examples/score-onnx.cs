#:package Microsoft.ML.OnnxRuntime@1.31.1
#:property ManagePackageVersionsCentrally=false
#:property RestorePackagesWithLockFile=false
// dotnet run score-onnx.cs model.onnx CLASS < numbers of one example as text: the logit of one class, and whether it exceeds the class's threshold.
using System.Globalization;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

using var session = new InferenceSession(args[0]);
var metadata = session.ModelMetadata.CustomMetadataMap;
var index = JsonDocument.Parse(metadata["classes"]).RootElement.EnumerateArray().ToList().FindIndex(name => name.GetString() == args[1]);
if (index < 0)
    throw new ArgumentException($"The model has no class '{args[1]}'.");
var threshold = JsonDocument.Parse(metadata["thresholds"]).RootElement[index];
float[] example = [.. Console.In.ReadToEnd().Split([' ', ',', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(number => float.Parse(number, CultureInfo.InvariantCulture))];
long[] shape = [1, .. session.InputMetadata["example"].Dimensions.Skip(1).Select(size => (long)size)];
using var result = session.Run(new RunOptions(), ["example", "class"],
    [OrtValue.CreateTensorValueFromMemory(example, shape), OrtValue.CreateTensorValueFromMemory(new long[] { index }, [1])], ["logit"]);
var logit = result[0].GetTensorDataAsSpan<float>()[0];
// A threshold that nothing, or everything, exceeds is the text Infinity or -Infinity; a class without one has null.
Console.WriteLine(threshold.ValueKind == JsonValueKind.Null ? FormattableString.Invariant($"{logit}")
    : FormattableString.Invariant($"{logit} {logit > double.Parse(threshold.ToString(), CultureInfo.InvariantCulture)}"));

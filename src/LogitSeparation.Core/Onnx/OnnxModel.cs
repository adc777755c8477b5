using System.Text.Json;
using System.Text.Json.Serialization;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;
using TorchSharp;

namespace LogitSeparation.Core.Onnx;

/// <summary>
/// Models as ONNX files, which other programs compute without this one. The examples go in as the data set has them (bytes as 0 … 255), and
/// the scaling is part of the graph. Batch normalisation by the statistics of training is an affine map, and is taken into the weights.
/// </summary>
public static class OnnxModel
{
    /// <summary>The name of the input of examples: n x (the shape of one), float32.</summary>
    public const string Example = "example";

    /// <summary>The name of the input of classes: c rows of the head, int64, each 0 … k-1.</summary>
    public const string Class = "class";

    /// <summary>The name of the output: n x c logits, or n x k.</summary>
    public const string Logit = "logit";

    private const string GraphName = "logits";

    private static readonly JsonSerializerOptions Numbers = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    // What a message of Protocol Buffers can have (https://protobuf.dev/programming-guides/encoding/#size-limit).
    private const long MostBytes = int.MaxValue;

    /// <summary>
    /// The file beside an ONNX file that has its large arrays, where the graph exceeds the format's 2 GiB (a million classes of 537 features).
    /// </summary>
    /// <param name="path">The ONNX file.</param>
    public static string CompanionOf(string path) => $"{path}.data";

    /// <summary>The files that are written beside an ONNX file of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The ONNX file.</param>
    public static IEnumerable<string> CompanionsOf(Model model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Weights.Values.Sum(weight => (long)weight.Values.Length * sizeof(float)) > MostBytes ? [CompanionOf(path)] : [];
    }

    /// <summary>Writes a file, runs it against the model's own logits, and only then gives it its name.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="allLogits">
    /// Whether the graph gives all k logits; otherwise it takes the classes that are asked for, gathers their rows of the head and gives their
    /// logits, at a cost that does not depend on k.
    /// </param>
    /// <param name="cancellation">Stops the writing.</param>
    /// <returns>The largest difference from the model's own logits that was found.</returns>
    /// <exception cref="SlcException">
    /// <c>OnnxNotSupported</c>: the network is the user's own code. <c>OnnxDiffers</c>, <c>OnnxRuntimeNotLoaded</c>, <c>OnnxFailed</c>;
    /// <c>NotWritable</c>, <c>DiskFull</c>, <c>PathEmpty</c>, <c>PathInvalid</c>.
    /// </exception>
    public static double Export(Model model, string path, bool allLogits, CancellationToken cancellation = default) =>
        Export(model, path, allLogits, MostBytes, cancellation);

    /// <summary>The same, for another number of bytes above which there is a file for large arrays.</summary>
    internal static double Export(Model model, string path, bool allLogits, long mostBytes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        var graph = Describe(model, allLogits);
        var message = graph.ToMessage(GraphName, Metadata(model));
        var difference = double.NaN;
        if (message.Length <= mostBytes)
        {
            AtomicFile.WriteChecked(path, message.WriteTo, written => difference = OnnxCheck.Run(model, written, allLogits, path, cancellation), cancellation);
            return difference;
        }

        var data = CompanionOf(LocalPath.Resolve(path));
        var companion = new OnnxCompanion(Path.GetFileName(data), graph.Constants);
        AtomicFile.WriteChecked(path, graph.ToMessage(GraphName, Metadata(model), companion).WriteTo, written =>
        {
            AtomicFile.Write(data, companion.WriteTo, cancellation);
            difference = OnnxCheck.Run(model, written, allLogits, path, cancellation);
        }, cancellation);
        return difference;
    }

    /// <summary>The graph of a model.</summary>
    internal static OnnxGraph Describe(Model model, bool allLogits)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var trunk = new TrainedTrunk(model, torch.CPU);
        var graph = new OnnxGraph();
        var input = graph.Input(Example, OnnxElement.Float, ["n", .. model.Network.InputShape.Cast<object>()]);
        var features = trunk.AddTo(graph, Scale(graph, graph.Node("Flatten", [input]), model));

        var (k, d) = (model.Network.ClassCount, model.FeatureCount);
        var weight = graph.Constant("head.weight", model.GetWeight("head.weight", [k, d]).Values, k, d);
        var bias = graph.Constant("head.bias", model.GetWeight("head.bias", [k]).Values, k);
        if (!allLogits)
        {
            var classes = graph.Input(Class, OnnxElement.Int64, "c");
            (weight, bias) = (graph.Node("Gather", [weight, classes]), graph.Node("Gather", [bias, classes]));
        }

        graph.Product(features, weight, bias, Logit);
        graph.Output(Logit, "n", allLogits ? k : "c");
        return graph;
    }

    private static string Scale(OnnxGraph graph, string input, Model model)
    {
        var (mean, deviation) = (model.Scaling.Mean, model.Scaling.Deviation);
        var runs = mean.Count;
        long[] shape = runs == 1 ? [1] : [1, runs, 1];
        var x = runs == 1 ? input : graph.Node("Reshape", [input, graph.Constant("scaling.runs", 0, runs, -1)]);
        x = graph.Node("Sub", [x, graph.Constant("scaling.mean", mean.Select(value => (float)value).ToArray(), shape)]);
        x = graph.Node("Mul", [x, graph.Constant("scaling.factor", deviation.Select(value => (float)(1 / value)).ToArray(), shape)]);
        return graph.Node("Flatten", [x]);
    }

    private static Dictionary<string, string> Metadata(Model model) => new(StringComparer.Ordinal)
    {
        ["classes"] = JsonSerializer.Serialize(model.ClassNames),
        ["thresholds"] = JsonSerializer.Serialize(model.ClassNames.Select(model.FindThreshold), Numbers),
        ["slc"] = JsonSerializer.Serialize(ModelMetadata.Describe(model), ModelFile.Json),
    };
}

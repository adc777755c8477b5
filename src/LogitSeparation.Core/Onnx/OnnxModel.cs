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

    private static readonly JsonSerializerOptions Numbers = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Computes what is to be written, and runs it against the model's own logits before anything is written.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="allLogits">
    /// Whether the graph gives all k logits; otherwise it takes the classes that are asked for, gathers their rows of the head and gives their
    /// logits, at a cost that does not depend on k.
    /// </param>
    /// <param name="cancellation">Stops the writing.</param>
    /// <returns>The largest difference from the model's own logits that was found.</returns>
    /// <exception cref="SlcException">
    /// <c>OnnxNotSupported</c>: the network is the user's own code. <c>OnnxTooLarge</c>: above the format's 2 GiB. <c>OnnxDiffers</c>,
    /// <c>OnnxRuntimeNotLoaded</c>, <c>OnnxFailed</c>; <c>NotWritable</c>, <c>DiskFull</c>, <c>PathEmpty</c>, <c>PathInvalid</c>.
    /// </exception>
    public static double Export(Model model, string path, bool allLogits, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        var message = Describe(model, allLogits).ToMessage("logits", Metadata(model));
        if (message.Length > Array.MaxLength)
        {
            throw new SlcException("OnnxTooLarge", SlcErrorKind.InvalidData,
                $"{model} takes {message.Length:N0} bytes as ONNX, and the format ends at 2 GiB. Export it with -Format SafeTensors.", path);
        }

        using var memory = new MemoryStream((int)message.Length);
        message.WriteTo(memory);
        var content = memory.GetBuffer();
        var difference = OnnxCheck.Run(model, content, allLogits, path, cancellation);
        AtomicFile.Write(path, stream => stream.Write(content), cancellation);
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
        var weight = graph.Constant("head.weight", model.GetWeight("head.weight", [k, d]).Values.ToArray(), k, d);
        var bias = graph.Constant("head.bias", model.GetWeight("head.bias", [k]).Values.ToArray(), k);
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
        x = graph.Node("Sub", [x, graph.Constant("scaling.mean", [.. mean.Select(value => (float)value)], shape)]);
        x = graph.Node("Mul", [x, graph.Constant("scaling.factor", [.. deviation.Select(value => (float)(1 / value))], shape)]);
        return graph.Node("Flatten", [x]);
    }

    private static Dictionary<string, string> Metadata(Model model) => new(StringComparer.Ordinal)
    {
        ["classes"] = JsonSerializer.Serialize(model.ClassNames),
        ["thresholds"] = JsonSerializer.Serialize(model.ClassNames.Select(model.FindThreshold), Numbers),
        ["slc"] = JsonSerializer.Serialize(ModelMetadata.Describe(model), ModelFile.Json),
    };
}

using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Onnx;

/// <summary>Runs a graph that is about to be written, and compares its logits with the model's own.</summary>
internal static class OnnxCheck
{
    private const int ExampleCount = 4;
    private const int MostClasses = 7;

    // Both compute in float32, in another order, and one with batch normalisation taken into the weights.
    private const double Tolerance = 1e-3;

    /// <summary>Compares logits of made-up examples, distributed like the data set's numbers.</summary>
    /// <returns>The largest difference.</returns>
    /// <exception cref="SlcException"><c>OnnxDiffers</c>, <c>OnnxRuntimeNotLoaded</c>, <c>OnnxFailed</c>.</exception>
    public static double Run(Model model, byte[] content, bool allLogits, string path, CancellationToken cancellation)
    {
        var examples = Draw(model);
        var k = model.Network.ClassCount;
        var classes = Enumerable.Range(0, allLogits ? k : Math.Min(k, MostClasses)).Select(i => allLogits ? i : (int)((i * 7919L) % k)).ToArray();
        var expected = Expect(model, examples, classes);
        cancellation.ThrowIfCancellationRequested();
        using var session = OnnxSession.Open(content, path);
        var found = session.Run(OnnxModel.Logit, examples, [ExampleCount, .. model.Network.InputShape],
            allLogits ? null : Array.ConvertAll(classes, value => (long)value)).Values;

        var scale = expected.Max(Math.Abs);
        var largest = expected.Length == found.Length ? expected.Zip(found, (a, b) => Math.Abs((double)a - b)).Max() : double.NaN;
        return largest <= Tolerance * Math.Max(1, scale) ? largest : throw new SlcException("OnnxDiffers", SlcErrorKind.InvalidData,
            FormattableString.Invariant($"The ONNX graph of {model} gives logits that differ by {largest} from the model's own, of a size of {scale}. ")
            + $"'{path}' was not written. Export it with -Format SafeTensors.", path);
    }

    private static float[] Draw(Model model)
    {
        var random = new SplitMix64(1);
        var (length, scaling) = (model.Network.InputLength, model.Scaling);
        var run = length / scaling.Mean.Count;
        var values = new float[ExampleCount * length];
        for (var i = 0; i < values.Length; i++)
        {
            var r = i % length / run;
            values[i] = (float)(scaling.Mean[r] + (scaling.Deviation[r] * ((4 * random.NextDouble()) - 2)));
        }

        return values;
    }

    private static float[] Expect(Model model, float[] examples, int[] classes)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var trunk = new TrainedTrunk(model, torch.CPU);
        using var head = new HeadRows(model, classes, torch.CPU);
        return TorchFailure.Guard("cpu", () => head.Compute(trunk.Infer(
            InputTensor.Scale(torch.tensor(examples, ExampleCount, model.Network.InputLength), model.Scaling))));
    }
}

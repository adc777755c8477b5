using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Onnx;

/// <summary>Runs a graph that was written, before it gets its name, and compares its logits with the model's own.</summary>
internal static class OnnxCheck
{
    private const int ExampleCount = 4;
    private const int MostClasses = 7;

    // Both compute in float32, in another order, and one with batch normalisation taken into the weights.
    private const double Tolerance = 1e-3;

    /// <summary>Compares logits of made-up examples, distributed like the data set's numbers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="written">The file.</param>
    /// <param name="allLogits">Whether the graph gives all logits.</param>
    /// <param name="path">The name that the file is to get.</param>
    /// <param name="cancellation">Looked at between the two.</param>
    /// <returns>The largest difference.</returns>
    /// <exception cref="SlcException"><c>OnnxDiffers</c>, <c>OnnxRuntimeNotLoaded</c>, <c>OnnxFailed</c>.</exception>
    public static double Run(Model model, string written, bool allLogits, string path, CancellationToken cancellation)
    {
        var examples = Draw(model);
        var classes = Choose(model.Network.ClassCount, allLogits);
        var expected = Expect(model, examples, classes);
        cancellation.ThrowIfCancellationRequested();
        using var session = OnnxSession.OpenFile(written);
        var found = session.Run(OnnxModel.Logit, examples, [ExampleCount, .. model.Network.InputShape],
            allLogits ? null : Array.ConvertAll(classes, value => (long)value)).Values;
        return Compare(expected, found) ?? throw new SlcException("OnnxDiffers", SlcErrorKind.InvalidData,
            $"The ONNX graph of {model} gives other logits than the model itself. '{path}' was not written. Export it with -Format SafeTensors.", path);
    }

    /// <summary>The rows of the head that are compared: all, or some from the first to the last.</summary>
    internal static int[] Choose(int k, bool all)
    {
        var count = all ? k : Math.Min(k, MostClasses);
        return [.. Enumerable.Range(0, count).Select(i => count == k ? i : (int)((long)i * (k - 1) / (count - 1)))];
    }

    /// <summary>The largest difference; null where one is too large, or no number.</summary>
    internal static double? Compare(float[] expected, float[] found)
    {
        if (expected.Length != found.Length)
            return null;
        var scale = 1.0;
        foreach (var value in expected)
            scale = Math.Max(scale, Math.Abs((double)value));
        var largest = 0.0;
        for (var i = 0; i < expected.Length; i++)
        {
            var difference = Math.Abs((double)expected[i] - found[i]);
            if (!(difference <= Tolerance * scale))
                return null;
            largest = Math.Max(largest, difference);
        }

        return largest;
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

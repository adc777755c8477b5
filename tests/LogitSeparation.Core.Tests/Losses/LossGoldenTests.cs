using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Losses;

/// <summary>Every loss against PyTorch's autograd in float64.</summary>
public sealed class LossGoldenTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var name in GoldenCase.All)
            {
                foreach (var loss in LogitSeparation.Core.Losses.LossCatalog.All)
                    data.Add(name.Data, loss.Name);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Float64_agrees_to_1e_12(string name, string loss) => Check(name, loss, torch.ScalarType.Float64, 1e-12);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Float32_agrees_to_1e_5(string name, string loss) => Check(name, loss, torch.ScalarType.Float32, 1e-5);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Float32_tables_agree_to_1e_5(string name, string loss) => Check(name, loss, torch.ScalarType.Float32, 1e-5, asTable: true);

    private static void Check(string name, string loss, torch.ScalarType type, double tolerance, bool asTable = false)
    {
        var golden = GoldenCase.Load(name);
        var expected = golden.Losses[loss];
        var logits = Array.ConvertAll(golden.Logits, value => (double)value);
        var (value, gradient) = LossHarness.Evaluate(loss, logits, golden.Labels, golden.ClassCount, type, asTable: asTable);
        Assert.InRange(Math.Abs(value - expected.Value), 0, (tolerance * Math.Abs(expected.Value)) + 1e-14);
        if (expected.Gradient is null)
            return;
        var largest = expected.Gradient.Max(Math.Abs);
        for (var i = 0; i < gradient.Length; i++)
            Assert.InRange(Math.Abs(gradient[i] - expected.Gradient[i]), 0, tolerance * Math.Max(largest, Math.Abs(expected.Gradient[i])));
    }
}

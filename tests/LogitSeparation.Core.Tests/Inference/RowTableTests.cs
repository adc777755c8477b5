using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Latency;
using LogitSeparation.Core.Tests.Latency;
using LogitSeparation.Core.Tests.Training;
using LogitSeparation.Core.Training;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Inference;

public sealed class RowTableTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<int, int, int> Sizes()
    {
        var sizes = new TheoryData<int, int, int>();
        foreach (var d in new[] { 1, 7, 8, 33, 64, 500, 513, 1030 })
        {
            foreach (var (rows, n) in new[] { (1, 1), (5, 1), (2, 9), (3, 4), (7, 11), (10, 66), (4, 130) })
                sizes.Add(d, rows, n);
        }

        return sizes;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public unsafe void Logits_are_products_with_a_bias(int d, int count, int n)
    {
        using var rows = RandomRows.Create(count + 2, d, 1, 0, Stop);
        using var features = RandomRows.Features(n, d, 2);
        var logits = new float[n * count];
        rows.Compute(1, count, features.AsFeatures(), logits);
        Assert.Equal((long)n * count * d, rows.MultiplyAddCount);
        for (var i = 0; i < n; i++)
        {
            var x = ScorerReference.Features(features.AsFeatures(), i, d);
            for (var r = 0; r < count; r++)
            {
                var expected = ScorerReference.Logit(rows, r + 1, x);
                Assert.Equal(expected, logits[(i * count) + r], 2e-6 * Math.Sqrt(d));
                Assert.Equal(expected, rows.Logit(r + 1, features.AsFeatures()[i]), 2e-6 * Math.Sqrt(d));
            }
        }

        Assert.Equal(2L * n * count * d, rows.MultiplyAddCount);
    }

    [Fact]
    public unsafe void Rows_start_at_cache_lines_and_end_with_their_bias()
    {
        using var rows = new RowTable(3, 500);
        Assert.Equal(512, rows.Stride);
        Assert.Equal(501 * sizeof(float), rows.RowBytes);
        Assert.Equal(0, (nint)rows.AsFeatures()[2] % 64);
        rows.Bias(2) = 7;
        Assert.Equal(7, rows.AsFeatures()[2][500]);
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Bias(3));
        using var wide = new RowTable(1, 512);
        Assert.Equal(528, wide.Stride);
    }

    [Fact]
    public void A_few_rows_give_what_many_and_all_give()
    {
        var data = SmallDataset.Create(classCount: 20);
        var model = Trainer.Train(data, ["BatchCE"], new(), new() { StepCount = 5, BatchSize = 16, HiddenUnit = [9], Device = TestDevice.Name }, null, Stop).Single().Model!;
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        var features = torch.rand([70, 9], device: device);
        using var all = new HeadRows(model, null, device);
        var expected = all.Compute(features);
        foreach (var count in new[] { 1, 8, 9 })
        {
            int[] classes = [.. Enumerable.Range(0, count).Select(i => (7 * i + 3) % 20)];
            using var some = new HeadRows(model, classes, device);
            var logits = some.Compute(features);
            Assert.Equal(70 * count, logits.Length);
            Assert.Equal(70L * count * 9, some.MultiplyAddCount);
            for (var i = 0; i < logits.Length; i++)
                Assert.Equal(expected[(i / count * 20) + classes[i % count]], logits[i], 1e-5);
        }
    }
}

using FsCheck.Xunit;
using LogitSeparation.Core.Evaluation;
using Xunit;

namespace LogitSeparation.Core.Tests.Evaluation;

public sealed class AllLogitScoresTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly MetricsOptions AllLogits = new() { Score = MetricsScore.AllLogits };

    [Property]
    public void Scores_are_the_log_odds_of_the_softmax_probability(int seed)
    {
        var table = RandomTable.FromSeed(seed);
        var k = table.ClassCount;
        if (k == 1)
            return;
        var row = Array.ConvertAll(table.Values[..k], z => (double)z);
        var scores = (double[])row.Clone();

        Assert.True(AllLogitScores.Transform(scores, new double[k]));
        for (var j = 0; j < k; j++)
            Assert.Equal(row[j] - Math.Log(row.Where((_, l) => l != j).Sum(Math.Exp)), scores[j], 1e-13);
    }

    [Fact]
    public void Scores_keep_their_order_where_the_probability_rounds_to_one()
    {
        // p is 1 to the last bit in all rows; the log-odds are 800 - log 2, 801 - log 2 and about 802.
        double[][] rows = [[800, 0, 0], [801, 0, 0], [802, 0, -1e308]];
        foreach (var row in rows)
            Assert.True(AllLogitScores.Transform(row, new double[3]));

        Assert.Equal(800 - Math.Log(2), rows[0][0], 1e-12);
        Assert.Equal(801 - Math.Log(2), rows[1][0], 1e-12);
        Assert.Equal(802, rows[2][0], 1e-12);
        Assert.Equal(-800, rows[0][1], 1e-12);
    }

    [Fact]
    public void The_largest_finite_logits_give_no_NaN()
    {
        double[] row = [double.MaxValue, -double.MaxValue, 0];

        Assert.True(AllLogitScores.Transform(row, new double[3]));
        Assert.Equal(double.MaxValue, row[0]);
        Assert.Equal(double.NegativeInfinity, row[1]);
        Assert.Equal(-double.MaxValue, row[2]);
    }

    [Fact]
    public void One_infinity_is_certain_and_two_are_undefined()
    {
        double[] one = [1, double.PositiveInfinity, 2];

        Assert.True(AllLogitScores.Transform(one, new double[3]));
        Assert.Equal([double.NegativeInfinity, double.PositiveInfinity, double.NegativeInfinity], one);

        var inf = float.PositiveInfinity;
        var logits = new MemoryLogits([0f, 1, inf, inf, -inf, -inf], [0, 1, 0], ["a", "b"]);
        var error = Assert.Throws<SlcException>(() => SlcMetrics.Measure(logits, AllLogits, Stop));
        Assert.Equal("UndefinedProbability", error.ErrorId);
        Assert.Contains("example 1", error.Message, StringComparison.Ordinal);
    }

    [Property]
    public void A_constant_added_to_an_example_changes_nothing(int seed)
    {
        // Constants and logits are multiples of 1/2 of small size, so all sums are exact.
        var random = new Random(seed);
        var table = RandomTable.Create(random, 40, 4);
        var values = Array.ConvertAll(table.Values, z => Math.Round(z * 2.0) / 2);
        var moved = (double[])values.Clone();
        for (var i = 0; i < moved.Length; i += 4)
        {
            var constant = random.Next(-1000, 1000) / 2.0;
            for (var j = 0; j < 4; j++)
                moved[i + j] += constant;
        }

        var plain = SlcMetrics.Measure(new MemoryLogits(values, table.Labels, RandomTable.Names(4)), AllLogits);
        var shifted = SlcMetrics.Measure(new MemoryLogits(moved, table.Labels, RandomTable.Names(4)), AllLogits);

        Assert.Equal(MetricsScore.AllLogits, plain.Score);
        Assert.Equal((plain.Auprc, plain.PrecisionAt90, plain.Accuracy), (shifted.Auprc, shifted.PrecisionAt90, shifted.Accuracy));
    }

    [Property]
    public void Scores_do_not_depend_on_where_the_row_lies(int seed)
    {
        var random = new Random(seed);
        var k = random.Next(2, 70);
        var row = Enumerable.Range(0, k).Select(_ => random.NextDouble() * 10 - 5).ToArray();
        var expected = (double[])row.Clone();
        AllLogitScores.Transform(expected, new double[k]);

        for (var offset = 1; offset < 9; offset++)
        {
            var buffer = new double[k + offset];
            row.CopyTo(buffer, offset);
            AllLogitScores.Transform(buffer.AsSpan(offset), new double[k + offset].AsSpan(offset));
            Assert.Equal(expected, buffer[offset..]);
        }
    }

    [Property]
    public void One_score_alone_is_that_of_its_row_to_the_last_bit(int seed)
    {
        var random = new Random(seed);
        var k = random.Next(2, 70);
        var row = Enumerable.Range(0, k).Select(_ => random.NextDouble() * 60 - 30).ToArray();
        var (scores, f) = ((double[])row.Clone(), new double[k]);
        var normalization = RowNormalization.Of((double[])row.Clone(), f);
        AllLogitScores.Transform(scores, new double[k]);

        for (var j = 0; j < k; j++)
            Assert.Equal(scores[j], normalization.Score(row[j], j, f));
    }

    [Property]
    public void One_pass_gives_what_separate_ones_give(int seed)
    {
        var table = RandomTable.FromSeed(seed);
        var streamed = new StreamedLogits(table.ToSingle());

        var together = LogitEvaluation.Measure(streamed, allLogits: true, cancellationToken: Stop);

        // The true logits are picked first, and then everything is counted against them.
        Assert.Equal(2, streamed.PassCount);
        foreach (var (expected, found) in new[]
        {
            (SlcMetrics.Measure(streamed, null, Stop), together.Metrics), (SlcMetrics.Measure(streamed, AllLogits, Stop), together.AllLogits!),
        })
        {
            Assert.Equal((expected.Score, expected.Auprc, expected.PrecisionAt99), (found.Score, found.Auprc, found.PrecisionAt99));
            Assert.Equal((expected.Accuracy, expected.UniformAccuracy, expected.BestF1), (found.Accuracy, found.UniformAccuracy, found.BestF1));
        }

        Assert.Equal(Separation.Measure(streamed, cancellationToken: Stop).ViolatingPairs, together.Separation.ViolatingPairs);
    }

    [Theory]
    [InlineData("mid")]
    [InlineData("ties")]
    [InlineData("missing")]
    public void All_logits_rank_as_softmax_probabilities_do(string name)
    {
        var golden = GoldenCase.Load(name);
        var k = golden.ClassCount;
        var metrics = SlcMetrics.Measure(golden.ToSingle(), AllLogits, Stop);

        for (var j = 0; j < k; j++)
        {
            var positive = Array.ConvertAll(golden.Labels, label => label == j);
            if (!positive.Contains(true))
                continue;
            var scores = Enumerable.Range(0, golden.Count).Select(i => Score(Array.ConvertAll(golden.Logits[(i * k)..((i + 1) * k)], z => (double)z), j)).ToArray();
            var (area, _, precision) = BruteForce.Curve(scores, positive, 0.9);
            Assert.Equal(precision, metrics.Class[j].PrecisionAt90!.Value, 1e-12);
            Assert.Equal(area, metrics.Class[j].Auprc!.Value, 1e-12);
        }
    }

    [Property]
    public void Scores_tie_exactly_where_probabilities_do(int seed)
    {
        // Whole numbers, of which many rows hold the same in other columns.
        var random = new Random(seed);
        var k = random.Next(2, 9);
        var (n, range) = (120, random.Next(1, 5));
        var values = Enumerable.Range(0, n * k).Select(_ => (double)random.Next(-range, range + 1)).ToArray();
        var labels = Enumerable.Range(0, n).Select(_ => random.Next(k)).ToArray();
        var metrics = SlcMetrics.Measure(new MemoryLogits(values, labels, RandomTable.Names(k)), AllLogits);

        for (var j = 0; j < k; j++)
        {
            var positive = Array.ConvertAll(labels, label => label == j);
            if (!positive.Contains(true))
                continue;
            var scores = Enumerable.Range(0, n).Select(i => Score(values[(i * k)..((i + 1) * k)], j)).ToArray();
            Assert.Equal(BruteForce.Curve(scores, positive, 0.9).Ap, metrics.Class[j].Auprc!.Value, 1e-12);
        }
    }

    [Property]
    public void Scores_do_not_depend_on_the_order_of_the_columns(int seed)
    {
        var random = new Random(seed);
        var k = random.Next(2, 3000);
        var row = Enumerable.Range(0, k).Select(_ => random.NextDouble() * 40 - 20).ToArray();
        row[random.Next(k)] = row.Max();
        var scores = (double[])row.Clone();
        AllLogitScores.Transform(scores, new double[k]);

        var order = Enumerable.Range(0, k).ToArray();
        random.Shuffle(order);
        var shuffled = Array.ConvertAll(order, j => row[j]);
        AllLogitScores.Transform(shuffled, new double[k]);

        Assert.Equal(Array.ConvertAll(order, j => scores[j]), shuffled);
    }

    [Property]
    public void A_sum_in_any_order_is_the_sum(int seed)
    {
        var random = new Random(seed);
        double[] values = [1, .. Enumerable.Range(0, random.Next(40_000)).Select(_ => Math.Exp(-40 * random.NextDouble()))];

        Assert.Equal((double)values.Sum(value => (decimal)value), UnorderedSum.Of(values), 1e-15 * values.Sum());
    }

    // What ties by the definition: the sum is of the same numbers in the same order.
    private static double Score(double[] row, int j) =>
        -Math.Log(row.Where((_, l) => l != j).Select(z => z - row[j]).Order().Sum(Math.Exp));
}

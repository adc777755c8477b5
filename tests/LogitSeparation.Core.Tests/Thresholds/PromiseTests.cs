using System.Globalization;
using System.Text.RegularExpressions;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Thresholds;
using Xunit;

namespace LogitSeparation.Core.Tests.Thresholds;

public sealed class PromiseTests
{
    private const int DrawCount = 1000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Many draws, each with a threshold that promises; how many of the promises the population breaks.</summary>
    [Theory]
    [InlineData(0.3, 2.0, 0, 1000, 0.9, 0.9, null)]
    [InlineData(0.3, 2.0, 0.5, 1000, 0.9, 0.9, null)]
    [InlineData(0.1, 3.0, 0, 3000, 0.95, 0.8, null)]
    [InlineData(0.5, 1.0, 0, 500, 0.7, 0.5, null)]
    [InlineData(0.5, 3.0, 0, 2000, 0.8, 0.9, 0.1)]
    [InlineData(0.1, 2.0, 0, 1000, 0.9, 0.9, 0.3)]
    public void A_promised_precision_is_kept_as_often_as_promised(
        double share, double distance, double step, int count, double precision, double confidence, double? prevalence)
    {
        var population = new DrawnScores(share, distance, step);
        var options = new ThresholdOptions { Target = ThresholdTarget.Precision(precision), Confidence = confidence, Prevalence = prevalence };
        var (promised, kept) = Count(population, count, options, found =>
        {
            Assert.Equal(precision, found.Promised);
            return population.Precision(found.Threshold, prevalence) >= found.Promised;
        });
        AssertKept(promised, kept, confidence);
    }

    [Theory]
    [InlineData(0.3, 0, 600, 0.9, 0.9)]
    [InlineData(0.3, 0.5, 600, 0.9, 0.9)]
    [InlineData(0.1, 0, 1000, 0.8, 0.5)]
    public void A_promised_recall_is_kept_as_often_as_promised(double share, double step, int count, double recall, double confidence)
    {
        var population = new DrawnScores(share, 2, step);
        var options = new ThresholdOptions { Target = ThresholdTarget.Recall(recall), Confidence = confidence };
        var (promised, kept) = Count(population, count, options, found => population.Recall(found.Threshold) >= recall);
        AssertKept(promised, kept, confidence);

        // Where scores are all different the bound is as sharp as whole examples allow.
        if (step == 0)
            Assert.InRange(kept / (double)promised, confidence - 0.05, confidence + 0.1);
    }

    [Fact]
    public void Without_a_promise_the_threshold_breaks_its_precision_about_every_second_time()
    {
        var population = new DrawnScores(0.3, 2);
        var options = new ThresholdOptions { Target = ThresholdTarget.Precision(0.9) };
        var (promised, kept) = Count(population, 1000, options, found => population.Precision(found.Threshold) >= 0.9);
        Assert.InRange(kept / (double)promised, 0.2, 0.6);
    }

    [Fact]
    public void A_recall_needs_as_many_examples_as_the_closed_form_says()
    {
        for (var rank = 0; rank <= 200; rank++)
        {
            // One less may fall into the missed tenth than does with a probability of 0.1, and one more may not.
            var isAllowed = rank == 0 || BinomialBound.UpperTail(200 - rank + 1, 200, 0.9) <= 0.1;
            Assert.Equal(isAllowed, rank <= RecallPromise.Rank(200, 0.9, 0.9));
        }

        // 0.95^58 > 0.05 >= 0.95^59.
        Assert.Equal((0, 1), (RecallPromise.Rank(58, 0.95, 0.95), RecallPromise.Rank(59, 0.95, 0.95)));
        Assert.Equal(59, RecallPromise.PositivesFor(0.95, 0.95));
        Assert.Equal(0, RecallPromise.Rank(1_000_000, 1, 0.5));
    }

    [Fact]
    public void What_cannot_be_promised_says_how_many_examples_would()
    {
        var few = new DrawnScores(0.3, 2).Draw(new(1), 60);
        var recall = Assert.Throws<SlcException>(() => Measure(few, ThresholdTarget.Recall(0.99)));
        Assert.Equal(("RecallNotPromised", SlcErrorKind.InvalidData), (recall.ErrorId, recall.Kind));
        Assert.Contains("299 would", recall.Message);
        Assert.Contains("No number", Assert.Throws<SlcException>(() => Measure(few, ThresholdTarget.Recall(1))).Message);

        var eight = new MemoryLogits([.. Enumerable.Range(0, 8).SelectMany(i => new[] { i, 0f })], new int[8], ["asked", "other"]);
        Assert.Contains("59 selected examples", Assert.Throws<SlcException>(() => Measure(eight, ThresholdTarget.Precision(0.95))).Message);

        var mixed = new DrawnScores(0.3, 0).Draw(new(3), 2000);
        Assert.Contains("would not help", Assert.Throws<SlcException>(() => Measure(mixed, ThresholdTarget.Precision(0.9))).Message);
        Assert.Contains("less than 1", Assert.Throws<SlcException>(() => Measure(few, ThresholdTarget.Precision(1))).Message);
    }

    /// <summary>The number that one draw is told is tried with another draw of that many.</summary>
    [Theory]
    [InlineData(0.3, 3.0, 150, 0.95)]
    [InlineData(0.3, 2.5, 200, 0.9)]
    [InlineData(0.1, 3.0, 400, 0.9)]
    public void So_many_examples_as_are_said_to_do_mostly_do(double share, double distance, int count, double precision)
    {
        var population = new DrawnScores(share, distance);
        var random = new Random(1);
        var (told, promised) = (0, 0);
        for (var draw = 0; draw < 150; draw++)
        {
            var message = Message(population.Draw(random, count));
            var number = Regex.Match(message ?? "", "About ([0-9]+) labelled");
            if (!number.Success)
                continue;
            told++;
            var needed = int.Parse(number.Groups[1].Value, CultureInfo.InvariantCulture);
            Assert.True(needed > count);
            promised += Message(population.Draw(random, needed)) is null ? 1 : 0;
        }

        Assert.True(told > 30, $"Only {told} were told a number");
        Assert.True(promised > 0.6 * told, $"{promised} of {told}");

        string? Message(MemoryLogits table)
        {
            try
            {
                Measure(table, ThresholdTarget.Precision(precision));
                return null;
            }
            catch (SlcException error) when (error.ErrorId == "PrecisionNotPromised")
            {
                return error.Message;
            }
        }
    }

    [Fact]
    public void A_precision_is_promised_where_the_data_can()
    {
        var population = new DrawnScores(0.3, 3);
        var options = new ThresholdOptions { Target = ThresholdTarget.Precision(0.9), Confidence = 0.95 };
        var recall = 0.0;
        var (promised, _) = Count(population, 300, options, found =>
        {
            recall += found.Recall;
            return true;
        });
        Assert.True(promised > 0.8 * DrawCount, $"{promised} promises");
        Assert.True(recall > 0.5 * DrawCount, $"A recall of {recall / DrawCount}");

        // 0.9^55 is a sixteenth of the error that is allowed: the 55 largest of 165 without one that is wrong.
        var table = new MemoryLogits([.. Enumerable.Range(0, 165).SelectMany(i => new[] { -i, 0f })], [.. Enumerable.Range(0, 165).Select(i => i < 55 ? 0 : 1)], ["asked", "other"]);
        Assert.InRange(ThresholdSearch.Measure(table, 0, options, Stop).Recall, 0.5, 1);
    }

    [Theory]
    [InlineData(29, 0.9, 0.05, 1)]
    [InlineData(300, 0.9, 0.05, 5)]
    [InlineData(5000, 0.8, 0.1, 10)]
    [InlineData(1_000_000_000, 0.999, 0.01, 20)]
    [InlineData(28, 0.9, 0.05, 0)]
    [InlineData(1000, 1, 0.05, 0)]
    public void Shares_sum_to_the_error_and_none_goes_to_a_test_that_cannot_pass(long count, double precision, double error, int entries)
    {
        var ranks = new PromiseRanks(count, precision, error);
        Assert.InRange(ranks.Entries.Count(), entries == 0 ? 0 : 1, entries);
        Assert.All(ranks.Entries, entry => Assert.True(Math.Pow(precision, entry.Size) <= entry.Share * (1 + 1e-9)));
        var all = ranks.All.ToArray();
        Assert.Equal(entries == 0 ? 0 : error, all.Sum(rank => rank.Share), 1e-12);
        Assert.Equal(all.Select(rank => rank.Size).Distinct().Order(), all.Select(rank => rank.Size));
        if (entries > 0)
            Assert.Equal(count, all[^1].Size);
    }

    [Fact]
    public void No_recall_is_promised_of_logits_that_nothing_selects()
    {
        // Of 100 true logits 30 are negative infinity, and z > -inf finds the other 70.
        float Logit(int i) => i < 30 ? float.NegativeInfinity : i;
        var table = new MemoryLogits(
            [.. Enumerable.Range(0, 200).SelectMany(i => new[] { Logit(i), 0f })], [.. Enumerable.Range(0, 200).Select(i => i < 100 ? 0 : 1)], ["asked", "other"]);
        foreach (var confidence in new double?[] { null, 0.9 })
        {
            var options = new ThresholdOptions { Target = ThresholdTarget.Recall(0.9), Confidence = confidence };
            Assert.Equal("RecallUnreachable", Assert.Throws<SlcException>(() => ThresholdSearch.Measure(table, 0, options, Stop)).ErrorId);
        }

        var half = ThresholdSearch.Measure(table, 0, new() { Target = ThresholdTarget.Recall(0.5), Confidence = 0.9 }, Stop);
        Assert.Equal(half.Selected, Enumerable.Range(0, 200).Count(i => Logit(i) > half.Threshold));
        Assert.InRange(half.Recall, 0.5, 0.7);
    }

    [Fact]
    public void Refuses_what_promises_nothing()
    {
        var table = new DrawnScores(0.3, 2).Draw(new(1), 60);
        Assert.Equal("ConfidenceWithoutTarget", Error(new() { Confidence = 0.9 }));
        Assert.Equal("ConfidenceWithoutTarget", Error(new() { Confidence = 0.9, Target = ThresholdTarget.Cost(2) }));
        Assert.Equal("ConfidenceOutOfRange", Error(new() { Confidence = 1, Target = ThresholdTarget.Recall(0.5) }));
        Assert.Equal("PrevalenceOutOfRange", Error(new() { Prevalence = 0 }));
        var all = new ThresholdOptions { Confidence = 0.9, Target = ThresholdTarget.Recall(0.5) };
        Assert.Equal("ConfidenceOfAllClasses", Assert.Throws<SlcException>(() => ThresholdSearch.MeasureUniform(table, all, Stop)).ErrorId);

        string Error(ThresholdOptions options) => Assert.Throws<SlcException>(() => ThresholdSearch.Measure(table, 0, options, Stop)).ErrorId;
    }

    private static ClassThreshold Measure(MemoryLogits table, ThresholdTarget target) =>
        ThresholdSearch.Measure(table, 0, new() { Target = target, Confidence = 0.95 }, Stop);

    private static (int Promised, int Kept) Count(DrawnScores population, int count, ThresholdOptions options, Func<ClassThreshold, bool> isKept)
    {
        var random = new Random(1);
        var (promised, kept) = (0, 0);
        for (var draw = 0; draw < DrawCount; draw++)
        {
            try
            {
                var found = ThresholdSearch.Measure(population.Draw(random, count), 0, options, Stop);
                promised++;
                kept += isKept(found) ? 1 : 0;
            }
            catch (SlcException error) when (error.ErrorId is "PrecisionNotPromised" or "PrecisionUnreachable")
            {
                // No promise is none that is broken.
            }
        }

        return (promised, kept);
    }

    // Broken promises are counted among all draws; those that promise nothing break nothing.
    private static void AssertKept(int promised, int kept, double confidence)
    {
        Assert.True(promised > DrawCount / 10, $"Only {promised} promises");
        var standardError = Math.Sqrt(confidence * (1 - confidence) / DrawCount);
        Assert.True((promised - kept) / (double)DrawCount <= 1 - confidence + (3 * standardError), $"{promised - kept} of {promised} were broken");
    }
}

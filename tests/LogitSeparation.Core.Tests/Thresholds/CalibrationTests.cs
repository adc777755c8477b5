using System.Text.Json;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Thresholds;
using Xunit;

namespace LogitSeparation.Core.Tests.Thresholds;

public sealed class CalibrationTests
{
    private static (double[] Scores, bool[] IsTrue) Draw(int count, double slope, double offset, ulong seed)
    {
        var random = new SplitMix64(seed);
        var scores = new double[count];
        var isTrue = new bool[count];
        for (var i = 0; i < count; i++)
        {
            scores[i] = (10 * random.NextDouble()) - 5;
            isTrue[i] = random.NextDouble() < 1 / (1 + Math.Exp(-((slope * scores[i]) + offset)));
        }

        return (scores, isTrue);
    }

    [Fact]
    public void Platt_finds_the_sigmoid_that_labels_were_drawn_from()
    {
        var (scores, isTrue) = Draw(20_000, slope: 1.5, offset: -2, seed: 1);
        var calibration = new ClassScores(scores, isTrue).Calibrate(CalibrationMethod.Platt, prevalence: null)!;
        Assert.Equal(1.5, calibration.Slope, 0.1);
        Assert.Equal(-2, calibration.Offset, 0.15);
    }

    [Fact]
    public void Platt_is_where_the_likelihoods_gradient_is_zero()
    {
        var (scores, isTrue) = Draw(300, slope: 0.7, offset: 1, seed: 2);
        var positives = isTrue.Count(value => value);
        double high = (positives + 1.0) / (positives + 2.0), low = 1.0 / (scores.Length - positives + 2.0);
        var calibration = new ClassScores([.. scores], [.. isTrue]).Calibrate(CalibrationMethod.Platt, prevalence: null)!;
        var (byOffset, bySlope) = (0.0, 0.0);
        for (var i = 0; i < scores.Length; i++)
        {
            var error = calibration.Probability(scores[i]) - (isTrue[i] ? high : low);
            byOffset += error;
            bySlope += error * scores[i];
        }

        Assert.Equal(0, byOffset, 1e-6);
        Assert.Equal(0, bySlope, 1e-6);
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1)]
    [InlineData(1e30)]
    [InlineData(1e300)]
    public void Platt_takes_logits_of_any_size_and_separated_ones(double unit)
    {
        double[] scores = [-3 * unit, -2 * unit, -1 * unit, unit, 2 * unit];
        var calibration = new ClassScores(scores, [false, false, false, true, true]).Calibrate(CalibrationMethod.Platt, prevalence: null)!;
        Assert.InRange(calibration.Probability(-3 * unit), 0, 0.3);
        Assert.InRange(calibration.Probability(2 * unit), 0.6, 1);
    }

    [Fact]
    public void Equal_and_infinite_logits_do_no_harm()
    {
        var equal = new ClassScores([4, 4, 4, 4], [true, false, false, false]).Calibrate(CalibrationMethod.Platt, prevalence: null)!;
        Assert.InRange(equal.Probability(4), 0.2, 0.4);
        double[] scores = [double.NegativeInfinity, -1, 0, 1, double.PositiveInfinity];
        foreach (var method in new[] { CalibrationMethod.Platt, CalibrationMethod.Isotonic })
        {
            var calibration = new ClassScores([.. scores], [false, false, true, true, true]).Calibrate(method, prevalence: null)!;
            Assert.True(calibration.Probability(double.NegativeInfinity) < 0.5);
            Assert.True(calibration.Probability(double.PositiveInfinity) > 0.5);
            Assert.Equal(double.NaN, calibration.Probability(double.NaN));
        }

        Assert.Null(new ClassScores([double.NegativeInfinity], [true]).Calibrate(CalibrationMethod.Platt, prevalence: null));
        Assert.Null(new ClassScores([1], [true]).Calibrate(CalibrationMethod.None, prevalence: null));
    }

    [Fact]
    public void Isotonic_pools_adjacent_violators()
    {
        // Means of the pools: {1} 0; {2, 3, 4} 1/3; {5, 5, 6} 2/3; {7} 1.
        double[] scores = [1, 2, 3, 4, 5, 5, 6, 7];
        bool[] isTrue = [false, true, false, false, true, true, false, true];
        var calibration = new ClassScores(scores, isTrue).Calibrate(CalibrationMethod.Isotonic, prevalence: null)!;
        Assert.Equal([(1, 0), (2, 1.0 / 3), (4, 1.0 / 3), (5, 2.0 / 3), (6, 2.0 / 3), (7, 1)], calibration.Point.Select(point => (point.Logit, point.Probability)));
        Assert.Equal(0, calibration.Probability(-100));
        Assert.Equal(1, calibration.Probability(100));
        Assert.Equal(1.0 / 6, calibration.Probability(1.5), 1e-12);
        Assert.Equal(1.0 / 3, calibration.Probability(3), 1e-12);
        Assert.Equal(0.5, calibration.Probability(4.5), 1e-12);
    }

    [Theory]
    [InlineData(CalibrationMethod.Platt)]
    [InlineData(CalibrationMethod.Isotonic)]
    public void Probabilities_hold_on_new_examples(CalibrationMethod method)
    {
        var (scores, isTrue) = Draw(20_000, slope: 1, offset: -1, seed: 3);
        var calibration = new ClassScores(scores, isTrue).Calibrate(method, prevalence: null)!;
        var (fresh, truth) = Draw(40_000, slope: 1, offset: -1, seed: 4);
        foreach (var bin in Enumerable.Range(0, fresh.Length).GroupBy(i => (int)(5 * calibration.Probability(fresh[i]))).Where(bin => bin.Count() > 1000))
            Assert.Equal(bin.Average(i => truth[i] ? 1.0 : 0), bin.Average(i => calibration.Probability(fresh[i])), 0.03);
    }

    [Theory]
    [InlineData(CalibrationMethod.Platt)]
    [InlineData(CalibrationMethod.Isotonic)]
    public void Another_prevalence_multiplies_the_odds(CalibrationMethod method)
    {
        var (scores, isTrue) = Draw(5000, slope: 1, offset: 0, seed: 5);
        var odds = isTrue.Count(value => value) / (double)isTrue.Count(value => !value);
        var here = new ClassScores([.. scores], [.. isTrue]).Calibrate(method, prevalence: null)!;
        var there = new ClassScores([.. scores], [.. isTrue]).Calibrate(method, prevalence: 0.01)!;
        foreach (var z in new[] { -2, 0, 2.5 })
        {
            var (p, q) = (here.Probability(here.Method == CalibrationMethod.Isotonic ? here.Point[here.Point.Count / 2].Logit : z), 0.0);
            q = there.Probability(here.Method == CalibrationMethod.Isotonic ? here.Point[here.Point.Count / 2].Logit : z);
            Assert.Equal(p / (1 - p) / odds * (0.01 / 0.99), q / (1 - q), 1e-9);
        }
    }

    [Fact]
    public void Comes_back_from_json_and_says_when_it_is_damaged()
    {
        var (scores, isTrue) = Draw(200, slope: 1, offset: 0, seed: 6);
        foreach (var method in new[] { CalibrationMethod.Platt, CalibrationMethod.Isotonic })
        {
            var calibration = new ClassScores([.. scores], [.. isTrue]).Calibrate(method, prevalence: null)!;
            var back = JsonSerializer.Deserialize<Calibration>(JsonSerializer.Serialize(calibration, ModelFile.Json), ModelFile.Json)!;
            Assert.Equal(calibration.Probability(0.3), back.Probability(0.3));
            Assert.True(back.IsUsable());
            Assert.False((back with { Slope = double.NaN, Point = Array.Empty<CalibrationPoint>() }).IsUsable());
        }
    }
}

using LogitSeparation.Core.Losses;

namespace LogitSeparation.Core.Principle;

/// <summary>
/// Noise-contrastive estimation with noise classes drawn for each example: the false logit of a class that was not drawn costs nothing in
/// that step, and every class but the only one with q = 1 is left out with some probability. So no value of one step's loss guarantees
/// anything. The mean over the draws is the exact loss, and its certificate is one for the mean. With its class drawn s times the infimum
/// of an example is (1 + s) log(1 + s) - s log s, at g_y = 1/(1 + s).
/// </summary>
internal static class SampledNoiseAlignment
{
    private const int MostSteps = 1000;
    private const string Explanation =
        "One step's draws leave classes out, whose false logits cost nothing then. The mean over the draws is the exact loss: -NoiseSampling Exact.";

    public static AlignmentProof Analyse(AlignmentProblem problem)
    {
        problem.Options.ValidateBatch(NoiseContrastive.Info.Name, problem.ExampleCount);
        var noise = problem.Options.NoisePrior == NoisePrior.Uniform
            ? NoiseDistribution.Uniform(problem.ClassCount)
            : NoiseDistribution.FromCounts(problem.ClassCounts!);
        for (var step = 0; step < MostSteps; step++)
        {
            var draws = noise.Draw(checked(problem.ExampleCount * problem.Options.NoiseCount), seed: 0, step);
            if (Counterexample(problem, noise, draws) is { } proof)
                return proof with { Step = step, Note = Explanation + (step == 0 ? "" : $" The counterexample is for the draws of step {step}.") };
        }

        return new()
        {
            Infimum = InfimumOf(problem, noise, problem.LabelsInTurn(), noise.Draw(problem.ExampleCount * problem.Options.NoiseCount, seed: 0, step: 0)),
            Note = Explanation + $" The draws of the first {MostSteps} steps leave none out.",
        };
    }

    /// <summary>The infimum for given labels and draws: a logit that was drawn as often as it is true has its own, and one that was not falls to 0.</summary>
    private static Enclosure InfimumOf(AlignmentProblem problem, NoiseDistribution noise, int[] labels, long[] draws)
    {
        Enclosure infimum = 0;
        for (var i = 0; i < labels.Length; i++)
            infimum += noise.Probabilities[labels[i]] == 0 ? 0 : Infimum(Row(problem, draws, i).Count(labels[i]));
        return infimum / labels.Length;
    }

    /// <summary>Every logit where it costs least, and one false logit that was not drawn above all.</summary>
    private static AlignmentProof? Counterexample(AlignmentProblem problem, NoiseDistribution noise, long[] draws)
    {
        var labels = problem.Labels ?? LabelsNotDrawn(problem, draws);
        if (FindFree(problem, labels, draws) is not { } pair)
            return null;

        // Nothing that was drawn may weigh anything: far below the smallest log(t q).
        var offsets = noise.Tabulate(q => NoiseContrastive.LogOffset(q, problem.Options.NoiseCount));
        var lowest = noise.Probabilities.Where(q => q > 0).Min();
        var below = NoiseContrastive.LogOffset(lowest, problem.Options.NoiseCount) + AlignmentProblem.Negligible;
        var rows = new (int, RowLogits)[labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            var times = Row(problem, draws, i).Count(labels[i]);
            var isFree = noise.Probabilities[labels[i]] == 0;
            var u = times == 0 ? -AlignmentProblem.Negligible : -Math.Log(times);
            rows[i] = (i, new(isFree ? 0 : offsets[labels[i]] + u, below));
        }

        return new()
        {
            Infimum = InfimumOf(problem, noise, labels, draws),
            AttainedExcess = 0,
            Configuration = new(labels, problem.ClassCount, default, pair, rows[0].Item2.True + 1, rows),
        };
    }

    private static Enclosure Infimum(int times) =>
        times == 0 ? 0 : Enclosure.LogOnePlus(times) + (times * Enclosure.LogOnePlus(1 / (Enclosure)times));

    /// <summary>
    /// For each example a class that was not drawn, which lets its loss fall to 0; any class where all were. The first example with a
    /// class that was not drawn (the second example before the first) leaves it to a false logit.
    /// </summary>
    private static int[] LabelsNotDrawn(AlignmentProblem problem, long[] draws)
    {
        var labels = new int[problem.ExampleCount];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = FirstNotDrawn(problem, draws, i, except: -1) ?? 0;
        foreach (var host in Hosts(labels.Length))
        {
            if (FirstNotDrawn(problem, draws, host, except: -1) is not { } free)
                continue;
            labels[host] = FirstNotDrawn(problem, draws, host, except: free) ?? ViolatingPair.AnyFalseClass(free);
            break;
        }

        return labels;
    }

    /// <summary>The true logit of the first example, and a false logit that was not drawn: of another example where there is one.</summary>
    private static ViolatingPair? FindFree(AlignmentProblem problem, int[] labels, long[] draws)
    {
        foreach (var host in Hosts(labels.Length))
        {
            if (FirstNotDrawn(problem, draws, host, except: labels[host]) is { } free)
                return new(0, host, free);
        }

        return null;
    }

    /// <summary>The examples in the order in which they are asked for a false logit: the first comes last.</summary>
    private static IEnumerable<int> Hosts(int count) => Enumerable.Range(1, count).Select(position => position % count);

    private static int? FirstNotDrawn(AlignmentProblem problem, long[] draws, int example, int except)
    {
        var drawn = new HashSet<long>(Row(problem, draws, example).ToArray()) { except };
        for (var j = 0; j < problem.ClassCount; j++)
        {
            if (!drawn.Contains(j))
                return j;
        }

        return null;
    }

    private static ReadOnlySpan<long> Row(AlignmentProblem problem, long[] draws, int example) =>
        draws.AsSpan(example * problem.Options.NoiseCount, problem.Options.NoiseCount);
}

using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Runtime;

namespace LogitSeparation.Core.Principle;

/// <summary>
/// The search for violating logits with a small loss, over the kinds of pairs that there are and several starts. All that is known of a
/// loss without an analysis.
/// </summary>
internal sealed class ViolationSearch
{
    private const int Starts = 2;
    private const long MostLogits = 1 << 22;

    private readonly LossInfo _info;
    private readonly AlignmentProblem _problem;
    private readonly CancellationToken _cancellation;

    /// <summary>Prepares a search.</summary>
    /// <exception cref="SlcException"><c>SearchTooLarge</c>.</exception>
    public ViolationSearch(LossInfo info, AlignmentProblem problem, CancellationToken cancellation)
    {
        (_info, _problem, _cancellation) = (info, problem, cancellation);
        var (m, n, k) = (problem.BatchSize, problem.ExampleCount, problem.ClassCount);
        if ((long)n * k > MostLogits)
            throw TooLarge($"{n} x {k} logits", $"{MostLogits}");
        if (n > m && BatchExpectation.CountBatches(n, m) > BatchExpectation.MostBatches)
            throw TooLarge($"the batches of {m} of {n} examples", $"{BatchExpectation.MostBatches}");
    }

    /// <summary>The smallest loss found beside a proof: with its labels, and its pair first.</summary>
    public AlignmentSearch? Against(AlignmentProof proof)
    {
        if (proof.Configuration is not { } configuration)
            return null;
        var labels = configuration.Labels.ToArray();
        var known = new ViolatingPair(configuration.Pair.TrueExample, configuration.Pair.FalseExample, configuration.Pair.FalseClassIndex);
        var below = proof.Excess is null ? proof.Infimum.Value + (_problem.Below / 2) : double.NegativeInfinity;
        var (value, found) = Smallest(labels, [known, .. Pairs(labels)], below, proof.Step);
        var excess = value - proof.Infimum.Value;
        return new(value, excess, excess / proof.Excess?.Lower, found);
    }

    /// <summary>A verdict on a loss without an analysis, from searches alone.</summary>
    public LossAlignment Judge()
    {
        var labels = _problem.LabelsInTurn();
        var infimum = SmallestOfAll(labels);
        var (value, found) = Smallest(labels, Pairs(labels), infimum + (_problem.Below / 2), step: 0);
        var excess = Math.Max(0, value - infimum);
        var isAligned = excess >= _problem.Below;
        return new()
        {
            Loss = _info.Name,
            Options = _problem.Options,
            BatchSize = _problem.BatchSize,
            ClassCount = _problem.ClassCount,
            ExampleCount = _problem.ExampleCount,
            Aligned = isAligned,
            Evidence = AlignmentEvidence.Numerical,
            Infimum = infimum,
            CriticalValue = isAligned ? value : null,
            CriticalExcess = isAligned ? excess : null,
            LeastExcess = null,
            CertifiedLowerBound = null,
            Attained = value,
            Ratio = null,
            Configuration = found,
            Search = new(value, excess, null, found),
            Note = "Found by descent; nothing is proved.",
        };
    }

    private (double Value, ViolatingLogits Logits) Smallest(int[] labels, IEnumerable<ViolatingPair> pairs, double below, long step) =>
        TorchFailure.Guard("cpu", () =>
        {
            using var loss = Create();
            var adversary = new LossAdversary(loss, labels, _problem.ClassCount, Scale, step);
            (LossAdversary.Result Result, ViolatingPair Pair)? best = null;
            foreach (var (pair, seed) in pairs.Distinct().SelectMany(pair => Enumerable.Range(0, Starts).Select(seed => (pair, seed))))
            {
                if (best?.Result.Value <= below)
                    break;
                var result = adversary.Minimize(pair, seed, below, _cancellation);
                if (best is null || result.Value < best.Value.Result.Value)
                    best = (result, pair);
            }

            return (best!.Value.Result.Value, new ViolatingLogits(labels, _problem.ClassCount, best.Value.Pair, best.Value.Result.Logits));
        });

    private double SmallestOfAll(int[] labels) => TorchFailure.Guard("cpu", () =>
    {
        using var loss = Create();
        var adversary = new LossAdversary(loss, labels, _problem.ClassCount, Scale);
        return Enumerable.Range(0, Starts).Min(seed => adversary.Minimize(null, seed, double.NegativeInfinity, _cancellation).Value);
    });

    /// <summary>A pair within one example, one between two, and one between two whose false class is the other's label.</summary>
    private static IEnumerable<ViolatingPair> Pairs(int[] labels)
    {
        yield return new(0, 0, ViolatingPair.AnyFalseClass(labels[0]));
        if (labels.Length == 1)
            yield break;
        yield return ViolatingPair.First(labels);
        if (labels[0] != labels[1])
            yield return new(0, 1, labels[0]);
    }

    /// <summary>Margins set the size of logits that matters.</summary>
    private double Scale => _info.Parameters.Contains(nameof(LossOptions.Gamma)) ? Math.Max(1, _problem.Options.Gamma) : 1;

    private Loss Create()
    {
        TorchRuntime.EnsureLoaded();
        var counts = _problem.ClassCounts ?? new int[_problem.ClassCount];
        var loss = LossCatalog.Create(_info.Name, new(_problem.Options, counts, Seed: 0));
        return _problem.ExampleCount > _problem.BatchSize ? new BatchExpectation(loss, _problem.BatchSize) : loss;
    }

    private static SlcException TooLarge(string found, string most) => new("SearchTooLarge", SlcErrorKind.InvalidArgument,
        $"A search would go through {found} at every step, and the most is {most}. Use smaller -BatchSize, -ClassCount or -ExampleCount.");
}

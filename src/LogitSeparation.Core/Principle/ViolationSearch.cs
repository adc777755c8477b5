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

    private readonly string _name;
    private readonly Func<Loss> _create;
    private readonly double _scale;
    private readonly AlignmentProblem _problem;
    private readonly CancellationToken _cancellation;

    /// <summary>Prepares a search for any loss.</summary>
    /// <param name="name">What the result is to call it.</param>
    /// <param name="create">Makes the loss; called when libtorch is loaded.</param>
    /// <param name="scale">The size of logits that matters to it: a margin, or 1.</param>
    /// <param name="problem">For what batches.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <exception cref="SlcException"><c>SearchTooLarge</c>.</exception>
    public ViolationSearch(string name, Func<Loss> create, double scale, AlignmentProblem problem, CancellationToken cancellation)
    {
        (_name, _create, _scale, _problem, _cancellation) = (name, create, scale, problem, cancellation);
        var (m, n, k) = (problem.BatchSize, problem.ExampleCount, problem.ClassCount);
        if ((long)n * k > MostLogits)
            throw TooLarge($"{n} x {k} logits", $"{MostLogits}");
        if (n > m && BatchExpectation.CountBatches(n, m) > BatchExpectation.MostBatches)
            throw TooLarge($"the batches of {m} of {n} examples", $"{BatchExpectation.MostBatches}");
    }

    /// <summary>Prepares a search for a loss of the catalogue.</summary>
    /// <exception cref="SlcException"><c>SearchTooLarge</c>.</exception>
    public static ViolationSearch Of(LossInfo info, AlignmentProblem problem, CancellationToken cancellation)
    {
        var options = problem.Options;
        var scale = info.Parameters.Contains(nameof(LossOptions.Gamma)) ? Math.Max(1, options.Gamma) : 1;
        return new(info.Name, Create, scale, problem, cancellation);

        Loss Create() => LossCatalog.Create(info.Name, new(options, problem.ClassCounts ?? new int[problem.ClassCount], Seed: 0));
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
    public LossAlignment Judge() => new NumericalVerdict(_name, Create, _scale, _problem, _cancellation).Judge();

    private (double Value, ViolatingLogits Logits) Smallest(int[] labels, IEnumerable<ViolatingPair> pairs, double below, long step) =>
        TorchFailure.Guard("cpu", () =>
        {
            using var loss = Create();
            var adversary = new LossAdversary(loss, labels, _problem.ClassCount, _scale, step);
            (LossAdversary.Result Result, ViolatingPair Pair)? best = null;
            foreach (var (pair, seed) in pairs.Distinct().SelectMany(pair => Enumerable.Range(0, Starts).Select(seed => (pair, seed))))
            {
                if (best?.Result.Value <= below)
                    break;
                var result = adversary.Minimize(pair, seed, below, _cancellation);
                if (best is null || result.Value < best.Value.Result.Value)
                    best = (result, pair);
            }

            if (best!.Value.Result.Logits.Length == 0)
                throw GraphLoss.Invalid(_name, "gives no finite number for small random logits");
            return (best.Value.Result.Value, new ViolatingLogits(labels, _problem.ClassCount, best.Value.Pair, best.Value.Result.Logits));
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

    private Loss Create()
    {
        TorchRuntime.EnsureLoaded();
        return _problem.ExampleCount > _problem.BatchSize ? new BatchExpectation(_create(), _problem.BatchSize) : _create();
    }

    private static SlcException TooLarge(string found, string most) => new("SearchTooLarge", SlcErrorKind.InvalidArgument,
        $"A search would go through {found} at every step, and the most is {most}. Use smaller -BatchSize, -ClassCount or -ExampleCount.");
}

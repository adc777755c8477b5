using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Runtime;

namespace LogitSeparation.Core.Principle;

/// <summary>
/// A verdict on a loss without an analysis: violating logits with a small loss are looked for by short descents from many pairs of several
/// labellings, and from the lowest of them by long ones.
/// </summary>
internal sealed class NumericalVerdict(string name, Func<Loss> create, double scale, AlignmentProblem problem, CancellationToken cancellation)
{
    private const int Starts = 2;
    private const int Finalists = 3;
    private const int ShortSteps = 120;

    // So many logits are gone through by the short descents, or a few pairs where the tables are large.
    private const long Effort = 100_000_000;
    private const int FewestPairs = 12;
    private const int MostPairs = 120;

    /// <summary>The verdict, with what was tried in its note.</summary>
    public LossAlignment Judge() => TorchFailure.Guard("cpu", () =>
    {
        using var loss = create();
        var labellings = LabellingSample.Labellings(problem);
        var pairs = Math.Max(1, PairCount() / labellings.Count);
        var fields = labellings.Select(labels => new Field(labels, new(loss, labels, problem.ClassCount, scale))).ToList();
        fields.ForEach(FindInfimum);
        var screened = fields.SelectMany((field, seed) => LabellingSample.Pairs(field.Labels, problem.ClassCount, pairs, seed).Select(pair => Screen(field, pair))).ToList();
        if (screened.Exists(found => found.Result.Logits.Length == 0))
            throw GraphLoss.Invalid(name, "gives no finite number for small random logits");
        var found = Enumerable.Concat(
                screened.OrderBy(found => found.Excess).Take(Finalists), screened.OrderBy(found => found.Result.Value).Take(Finalists))
            .Distinct().SelectMany(Finish).ToList();
        return Conclude(fields, found, FormattableString.Invariant($"{screened.Count} pairs under {fields.Count} labelling{(fields.Count > 1 ? "s" : "")} were tried."));
    });

    private int PairCount()
    {
        var (m, n) = (problem.BatchSize, problem.ExampleCount);
        var logits = n > m ? BatchExpectation.CountBatches(n, m) * m * problem.ClassCount : (long)n * problem.ClassCount;
        return (int)Math.Clamp(Effort / (ShortSteps * logits), FewestPairs, MostPairs);
    }

    private void FindInfimum(Field field)
    {
        var results = Enumerable.Range(0, Starts)
            .Select(seed => field.Adversary.Minimize(null, seed, double.NegativeInfinity, cancellation)).ToList();
        field.Infimum = results.Min(result => result.Value);
        field.HasInfimum = results.TrueForAll(result => result.IsAtRest);
    }

    private Descent Screen(Field field, ViolatingPair pair) =>
        new(field, pair, field.Adversary.Minimize(pair, seed: 0, field.Infimum + (problem.Below / 2), cancellation, ShortSteps));

    private IEnumerable<Descent> Finish(Descent screened) => Enumerable.Range(0, Starts).Select(seed => screened with
    {
        Result = screened.Field.Adversary.Minimize(screened.Pair, seed, screened.Field.Infimum + (problem.Below / 2), cancellation),
    });

    private LossAlignment Conclude(List<Field> fields, List<Descent> found, string tried)
    {
        var nearest = found.MinBy(descent => descent.Excess)!;
        var (isAligned, why) = Verdict();
        // Not aligned by the labelling that shows it; else the value is that of the labelling in which it is smallest.
        var shown = isAligned == false ? nearest : found.MinBy(descent => descent.Result.Value)!;
        var configuration = new ViolatingLogits(shown.Field.Labels, problem.ClassCount, shown.Pair, shown.Result.Logits);
        var excess = Math.Max(0, shown.Excess);
        return new()
        {
            Loss = name,
            Options = problem.Options,
            BatchSize = problem.BatchSize,
            ClassCount = problem.ClassCount,
            ExampleCount = problem.ExampleCount,
            Aligned = isAligned,
            Evidence = AlignmentEvidence.Numerical,
            Infimum = shown.Field.Infimum,
            CriticalValue = isAligned == true ? shown.Result.Value : null,
            CriticalExcess = isAligned == true ? excess : null,
            LeastExcess = null,
            CertifiedLowerBound = null,
            Attained = shown.Result.Value,
            Ratio = null,
            Configuration = configuration,
            Search = new(shown.Result.Value, excess, null, configuration),
            Note = $"{why} {tried}",
        };

        (bool? IsAligned, string Why) Verdict()
        {
            var endless = fields.Find(field => !field.HasInfimum);
            if (endless is not null)
            {
                return (null, FormattableString.Invariant($"Nothing is concluded: after {LossAdversary.MostSteps} steps of descent the loss was still falling, at {endless.Infimum:G6}. ")
                    + "It may have no smallest value, or come to it too slowly to be found.");
            }

            if (nearest.Excess < problem.Below)
                return (false, "Found by descent.");
            return found.TrueForAll(descent => descent.Result.IsAtRest)
                ? (true, "Found by descent; nothing is proved.")
                : (null, FormattableString.Invariant($"Nothing is concluded: after {LossAdversary.MostSteps} steps of descent the loss of violating logits was still falling, at {nearest.Result.Value:G6}."));
        }
    }

    /// <summary>A labelling, and the smallest loss found under it.</summary>
    private sealed class Field(int[] labels, LossAdversary adversary)
    {
        public int[] Labels { get; } = labels;

        public LossAdversary Adversary { get; } = adversary;

        public double Infimum { get; set; }

        public bool HasInfimum { get; set; }
    }

    private sealed record Descent(Field Field, ViolatingPair Pair, LossAdversary.Result Result)
    {
        public double Excess => Result.Value - Field.Infimum;
    }
}

using System.Diagnostics;
using System.Runtime.CompilerServices;
using LogitSeparation.Core.Inference;

namespace LogitSeparation.Core.Latency;

/// <summary>
/// Times calls. A round asks for one class: warm again and again, so often that the clock's steps do not matter; cold once, after the caches were
/// filled with other memory and the example's features were read again.
/// </summary>
/// <param name="roundCount">The number of rounds.</param>
/// <param name="timeLimit">After this no further round begins.</param>
/// <param name="cancellation">Looked at before each round.</param>
internal sealed class CallTimer(int roundCount, TimeSpan timeLimit, CancellationToken cancellation) : IDisposable
{
    private const int FewestRounds = 5;
    private const double NanosecondsPerSecond = 1e9;

    /// <summary>A round of a thousandth of a second is 10^4 of a clock's steps and more.</summary>
    private static readonly TimeSpan ShortestRound = TimeSpan.FromMilliseconds(1);

    /// <summary>So long calls have to become no faster: the runtime compiles again what is called often, on a thread of its own.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(3);
    private const double Faster = 0.9;

    private readonly double _clockCost = MeasureClock();
    private CacheFlush? _flush;

    /// <summary>Calls until the code is compiled as well as it will be.</summary>
    /// <param name="scorer">What is called.</param>
    /// <param name="classes">What it is asked for.</param>
    /// <param name="features">The examples.</param>
    public void Prepare(ClassScorer scorer, ReadOnlySpan<int> classes, FeatureRows features)
    {
        var scores = new double[features.Count];
        var start = Stopwatch.GetTimestamp();
        var (least, since) = (TimeSpan.MaxValue, start);
        for (var i = 0; Stopwatch.GetElapsedTime(since) < Settled && Stopwatch.GetElapsedTime(start) < LongestWarmUp; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var from = Stopwatch.GetTimestamp();
            scorer.Score(classes[i % classes.Length], features, scores);
            var taken = Stopwatch.GetElapsedTime(from);
            if (taken < Faster * least)
                (least, since) = (taken, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>Times the calls of some rounds.</summary>
    /// <param name="scorer">What is called.</param>
    /// <param name="classes">What it is asked for, a class a round.</param>
    /// <param name="features">The examples.</param>
    /// <param name="memory">Where the weights are before a call.</param>
    public CallTiming Measure(ClassScorer scorer, ReadOnlySpan<int> classes, FeatureRows features, CacheState memory)
    {
        var scores = new double[features.Count];
        var calls = memory == CacheState.Cold ? 1 : CallsFor(scorer, classes[0], features, scores);
        var rounds = new List<double>(roundCount);
        var start = Stopwatch.GetTimestamp();
        while (rounds.Count < roundCount && (rounds.Count < FewestRounds || Stopwatch.GetElapsedTime(start) < timeLimit))
        {
            cancellation.ThrowIfCancellationRequested();
            var j = classes[rounds.Count % classes.Length];
            if (memory == CacheState.Cold)
                (_flush ??= new()).Run(features);
            else
                scorer.Score(j, features, scores);
            rounds.Add(Time(scorer, j, features, scores, calls));
        }

        return CallTiming.Of(rounds, calls);
    }

    /// <inheritdoc/>
    public void Dispose() => _flush?.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Time(ClassScorer scorer, int j, FeatureRows features, double[] scores, long calls)
    {
        var from = Stopwatch.GetTimestamp();
        for (var i = 0L; i < calls; i++)
            scorer.Score(j, features, scores);
        var ticks = Stopwatch.GetTimestamp() - from;
        return Math.Max(0, (ticks * (NanosecondsPerSecond / Stopwatch.Frequency)) - _clockCost) / calls;
    }

    private static long CallsFor(ClassScorer scorer, int j, FeatureRows features, double[] scores)
    {
        for (var calls = 1L; ; calls *= 2)
        {
            var from = Stopwatch.GetTimestamp();
            for (var i = 0L; i < calls; i++)
                scorer.Score(j, features, scores);
            if (Stopwatch.GetElapsedTime(from) >= ShortestRound)
                return calls;
        }
    }

    // What two looks at the clock take, the median of many: part of each round and of no call.
    private static double MeasureClock()
    {
        const int Looks = 1001;
        var costs = new double[Looks];
        foreach (ref var cost in costs.AsSpan())
        {
            var from = Stopwatch.GetTimestamp();
            cost = (Stopwatch.GetTimestamp() - from) * (NanosecondsPerSecond / Stopwatch.Frequency);
        }

        return CallTiming.Of(costs, 1).Nanoseconds;
    }
}

using System.Globalization;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Runtime;

namespace LogitSeparation.Core.Latency;

/// <summary>
/// Measures what answers cost: of one class by its logit, of all, and by the alternatives that the paper names. There are one head's weights in
/// memory at a time, and what does not fit is not measured and says so.
/// </summary>
public sealed class LatencyTest
{
    private const long Reserve = 512L << 20;
    private const double Gibibyte = 1L << 30;

    private readonly LatencyRequest _request;
    private readonly Model? _model;
    private readonly Action<LatencyProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly CallTimer _timer;
    private readonly int _total;
    private int _done;

    private LatencyTest(LatencyRequest request, Model? model, CallTimer timer, Action<LatencyProgress>? progress, CancellationToken cancellation)
    {
        (_request, _model, _timer, _progress, _cancellation) = (request, model, timer, progress, cancellation);
        _total = Methods.Length * request.ClassCount.Count * request.FeatureCount.Count * request.BatchSize.Count * request.Memory.Count;
    }

    /// <summary>Measures, one result after the other: of each size method by method.</summary>
    /// <param name="request">What; of a model its own numbers of classes and features are taken.</param>
    /// <param name="model">The model whose trunk and head are measured; the alternatives get weights at random of the same sizes. Null for such weights alone.</param>
    /// <param name="progress">Called before each measurement, on the caller's thread; may be null.</param>
    /// <param name="cancellation">Looked at before each round, and now and then in a long call.</param>
    /// <exception cref="SlcException">
    /// <c>LatencyOutOfRange</c>, <c>ClassFrequencyInvalid</c>, <c>CutoffInvalid</c>, <c>TrunkWithoutModel</c>, and those of damaged models.
    /// </exception>
    public static IEnumerable<LatencyMeasure> Run(LatencyRequest request, Model? model, Action<LatencyProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (model is not null)
            request = request with { ClassCount = new[] { model.Network.ClassCount }, FeatureCount = new[] { model.FeatureCount } };
        request.Validate();
        if (model is null && request.Method.All(method => method == LatencyMethod.Trunk))
        {
            throw new SlcException("TrunkWithoutModel", SlcErrorKind.InvalidArgument,
                "Only a trunk is to be measured, and there is no model that has one. Give -Model, or other methods.", nameof(LatencyRequest.Method));
        }

        return Measure(request, model, progress, cancellation);
    }

    private LatencyMethod[] Methods => [.. _request.Method.Distinct().Where(method => _model is not null || method != LatencyMethod.Trunk).Order()];

    private static IEnumerable<LatencyMeasure> Measure(LatencyRequest request, Model? model, Action<LatencyProgress>? progress, CancellationToken cancellation)
    {
        using var timer = new CallTimer(request.RoundCount, request.TimeLimit, cancellation);
        var test = new LatencyTest(request, model, timer, progress, cancellation);
        foreach (var d in request.FeatureCount)
        {
            foreach (var k in request.ClassCount)
            {
                foreach (var measure in test.MeasureSize(k, d))
                    yield return measure;
            }
        }
    }

    private IEnumerable<LatencyMeasure> MeasureSize(int k, int d)
    {
        var size = new HeadSize(k, d, _request);
        var methods = Methods;
        foreach (var measure in methods.Contains(LatencyMethod.Trunk) ? MeasureTrunk(size) : [])
            yield return measure;
        foreach (var group in methods.Where(method => method != LatencyMethod.Trunk).GroupBy(HeadSize.WeightsOf).OrderBy(group => group.Min()))
        {
            foreach (var measure in MeasureHead(size, [.. group]))
                yield return measure;
        }
    }

    private IEnumerable<LatencyMeasure> MeasureTrunk(HeadSize size)
    {
        foreach (var batch in _request.BatchSize)
        {
            using var trunk = new TrunkLatency(_model!, batch, _request.Seed);
            foreach (var measure in MeasureScorer(size, trunk, [batch]))
                yield return measure;
        }
    }

    private IEnumerable<LatencyMeasure> MeasureHead(HeadSize size, LatencyMethod[] methods)
    {
        var (needed, free) = (size.BytesOf(methods[0]), AvailableMemory.Read() - Reserve);
        if (needed > free)
        {
            foreach (var measure in methods.SelectMany(method => Skip(size, method, needed, free)))
                yield return measure;
            yield break;
        }

        Report(FormattableString.Invariant($"k = {size.ClassCount}, d = {size.FeatureCount}: weights"));
        using var weights = new HeadWeights(size, methods[0], _model, _cancellation);
        foreach (var method in methods)
        {
            using var scorer = weights.CreateScorer(method);
            foreach (var measure in MeasureScorer(size, scorer, _request.BatchSize))
                yield return measure;
        }
    }

    private IEnumerable<LatencyMeasure> MeasureScorer(HeadSize size, ClassScorer scorer, IReadOnlyList<int> batchSizes)
    {
        var (adds, bytes) = (size.Draws.Mean(scorer.MultiplyAdds), size.Draws.Mean(scorer.WeightBytes));
        foreach (var batch in batchSizes)
        {
            using var features = RandomRows.Features(batch, size.FeatureCount, _request.Seed);
            Report(Status(size, scorer.Method, batch));
            _timer.Prepare(scorer, size.Draws.Classes, features.AsFeatures());
            foreach (var memory in _request.Memory)
            {
                Report(Status(size, scorer.Method, batch));
                var timing = _timer.Measure(scorer, size.Draws.Classes, features.AsFeatures(), memory);
                _done++;
                yield return Describe(size, scorer.Method, batch, memory) with
                {
                    Nanoseconds = timing.Nanoseconds,
                    LowerQuartile = timing.LowerQuartile,
                    UpperQuartile = timing.UpperQuartile,
                    RoundCount = timing.RoundCount,
                    CallCount = timing.CallCount,
                    MultiplyAddCount = batch * adds,
                    WeightBytes = bytes,
                    MemoryBytes = scorer.MemoryBytes,
                    ThreadCount = scorer.ThreadCount,
                    Setup = scorer.Setup,
                };
            }
        }
    }

    private IEnumerable<LatencyMeasure> Skip(HeadSize size, LatencyMethod method, long needed, long free)
    {
        foreach (var batch in _request.BatchSize)
        {
            foreach (var memory in _request.Memory)
            {
                _done++;
                yield return Describe(size, method, batch, memory) with
                {
                    MemoryBytes = needed,
                    Note = string.Create(CultureInfo.InvariantCulture,
                        $"not measured: the weights take {needed / Gibibyte:F1} GiB, and {Math.Max(0, free) / Gibibyte:F1} GiB of memory are free"),
                };
            }
        }
    }

    private LatencyMeasure Describe(HeadSize size, LatencyMethod method, int batch, CacheState memory) => new()
    {
        Method = method,
        ClassCount = size.ClassCount,
        FeatureCount = size.FeatureCount,
        BatchSize = batch,
        Memory = memory,
        MultiplyAddCount = double.NaN,
        WeightBytes = double.NaN,
        MemoryBytes = 0,
        ThreadCount = 1,
        Model = HeadSize.WeightsOf(method) == LatencyMethod.OneLogit && !HeadSize.IsTree(method) ? _model?.ToString() : null,
        Processor = ProcessorName.Read(),
    };

    private static string Status(HeadSize size, LatencyMethod method, int batch) =>
        FormattableString.Invariant($"{method}, k = {size.ClassCount}, d = {size.FeatureCount}, batch {batch}");

    private void Report(string status) => _progress?.Invoke(new(_done, _total, status));
}

using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Latency.Alternatives;

namespace LogitSeparation.Core.Latency;

/// <summary>One size of head, and what does not depend on its weights: how frequent the classes are, and which are asked for.</summary>
internal sealed class HeadSize
{
    private readonly Lazy<ClassRanks> _ranks;
    private readonly Lazy<int[]> _adaptiveCutoffs;
    private readonly Lazy<int[]> _differentiatedCutoffs;

    /// <summary>Works it out.</summary>
    /// <param name="classCount">k.</param>
    /// <param name="featureCount">d.</param>
    /// <param name="request">What is to be measured.</param>
    public HeadSize(int classCount, int featureCount, LatencyRequest request)
    {
        (ClassCount, FeatureCount, Request) = (classCount, featureCount, request);
        Frequencies = request.ClassFrequency?.ToArray() ?? ClassRanks.Zipf(classCount, request.ZipfExponent);
        Draws = new(Frequencies, request.Draw, request.RoundCount, request.Seed);
        _ranks = new(() => new(Frequencies));
        _adaptiveCutoffs = new(() => request.Cutoff?.ToArray() ?? Alternatives.AdaptiveCutoffs.Cheapest(Ranks, featureCount));
        _differentiatedCutoffs = new(() => request.Cutoff?.ToArray() ?? DifferentiatedSoftmax.Thirds(Ranks, featureCount));
    }

    /// <summary>k.</summary>
    public int ClassCount { get; }

    /// <summary>d.</summary>
    public int FeatureCount { get; }

    /// <summary>What is to be measured.</summary>
    public LatencyRequest Request { get; }

    /// <summary>How frequent the classes are.</summary>
    public double[] Frequencies { get; }

    /// <summary>The classes that are asked for.</summary>
    public ClassDraws Draws { get; }

    /// <summary>The classes by their frequencies.</summary>
    public ClassRanks Ranks => _ranks.Value;

    /// <summary>Where adaptive softmax begins its tails.</summary>
    public int[] AdaptiveCutoffs => _adaptiveCutoffs.Value;

    /// <summary>Where differentiated softmax begins its parts.</summary>
    public int[] DifferentiatedCutoffs => _differentiatedCutoffs.Value;

    /// <summary>Whether a method goes down a tree.</summary>
    public static bool IsTree(LatencyMethod method) => method is LatencyMethod.BalancedTree or LatencyMethod.HuffmanTree;

    /// <summary>The method whose weights a method uses: rows of d numbers, k of them, do for logits and for the inner nodes of trees.</summary>
    public static LatencyMethod WeightsOf(LatencyMethod method) =>
        method is LatencyMethod.AdaptiveSoftmax or LatencyMethod.DifferentiatedSoftmax ? method : LatencyMethod.OneLogit;

    /// <summary>The memory that a method's weights take.</summary>
    public long BytesOf(LatencyMethod method) => WeightsOf(method) switch
    {
        LatencyMethod.AdaptiveSoftmax => AdaptiveSoftmax.BytesOf(ClassCount, FeatureCount, AdaptiveCutoffs),
        LatencyMethod.DifferentiatedSoftmax => DifferentiatedSoftmax.BytesOf(ClassCount, FeatureCount, DifferentiatedCutoffs),
        _ => RowTable.BytesOf(ClassCount, FeatureCount),
    };
}

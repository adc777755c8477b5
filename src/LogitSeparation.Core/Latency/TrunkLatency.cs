using LogitSeparation.Core.Data;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;
using TorchSharp;

namespace LogitSeparation.Core.Latency;

/// <summary>A model's trunk on the CPU: from an example's numbers in memory to its features, as everything that computes logits does it.</summary>
internal sealed class TrunkLatency : ClassScorer
{
    private readonly Model _model;
    private readonly TrainedTrunk _trunk;
    private readonly byte[] _numbers;

    /// <summary>Makes a trunk and examples.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batchSize">The number of examples of a call.</param>
    /// <param name="seed">Decides the examples' numbers.</param>
    /// <exception cref="SlcException"><c>ModelWeightMissing</c>, <c>ModelWeightShape</c>, <c>OutOfMemory</c>, <c>TorchFailed</c>.</exception>
    public TrunkLatency(Model model, int batchSize, int seed)
    {
        _model = model;
        var random = new SplitMix64(StreamSeed.Derive(seed, StreamSeed.LatencyFeatures, 0));
        _numbers = new byte[batchSize * model.Network.InputLength];
        for (var i = 0; i < _numbers.Length; i++)
            _numbers[i] = (byte)random.Next();
        _trunk = Runtime.TorchFailure.Guard("cpu", () => new TrainedTrunk(model, torch.CPU));
    }

    /// <inheritdoc/>
    public override LatencyMethod Method => LatencyMethod.Trunk;

    /// <inheritdoc/>
    public override string Setup => _model.Network.Name;

    /// <inheritdoc/>
    public override long MemoryBytes => WeightBytes(0);

    /// <inheritdoc/>
    public override long MultiplyAddCount => _trunk.MultiplyAddCount;

    /// <inheritdoc/>
    public override int ThreadCount => torch.get_num_threads();

    /// <inheritdoc/>
    public override long MultiplyAdds(int j) => _trunk.MultiplyAddsPerExample;

    /// <inheritdoc/>
    public override long WeightBytes(int j) => sizeof(float) * _trunk.ParameterCount;

    /// <summary>Computes the features of its own examples, whatever is asked for.</summary>
    /// <inheritdoc/>
    public override void Score(int j, FeatureRows features, Span<double> scores)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        Runtime.TorchFailure.Guard("cpu", () => _trunk.Infer(_numbers, ExampleType.Byte));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _trunk.Dispose();
        base.Dispose();
    }
}

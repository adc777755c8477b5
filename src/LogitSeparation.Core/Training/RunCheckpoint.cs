using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Networks;
using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>
/// All that decides the future of a run: weights, gathered gradient (the momentum of SGD), the optimizer's memory, the
/// statistics of batch normalisation, how far each row of a lazy head has come, and the position.
/// </summary>
/// <param name="Position">Where the run stands.</param>
/// <param name="Tensors">Float32 values by name.</param>
internal sealed record RunCheckpoint(RunPosition Position, IReadOnlyDictionary<string, DenseArray> Tensors)
{
    /// <summary>Copies the tensors of a run.</summary>
    public static RunCheckpoint Capture(RunPosition position, Network network, Optimizer optimizer, LazyHead? head = null)
    {
        var tensors = new SortedDictionary<string, DenseArray>(StringComparer.Ordinal);
        foreach (var (name, tensor) in Name(network, optimizer, head))
        {
            using var scope = torch.NewDisposeScope();
            tensors.Add(name, DenseArray.Create(tensor.detach().cpu().data<float>().ToArray(), checked((int)tensor.numel())));
        }

        return new(position, tensors);
    }

    /// <summary>Puts the tensors back.</summary>
    /// <exception cref="InvalidDataException">They are not those of this network and optimizer.</exception>
    public void Restore(Network network, Optimizer optimizer, LazyHead? head = null)
    {
        using var scope = torch.NewDisposeScope();
        var targets = Name(network, optimizer, head).ToArray();
        foreach (var (name, tensor) in targets)
        {
            if (!Tensors.TryGetValue(name, out var array) || array.Values is not float[] || array.Values.LongLength != tensor.numel())
                throw new InvalidDataException($"it has no tensor '{name}' of {tensor.numel()} float32 values");
        }

        foreach (var (name, tensor) in targets)
            tensor.copy_(torch.tensor((float[])Tensors[name].Values, tensor.shape));
        optimizer.StepCount = Position.Step;
        head?.Resume(Position.Step);
    }

    private static IEnumerable<(string Name, torch.Tensor Value)> Name(Network network, Optimizer optimizer, LazyHead? head) =>
    [
        ("values", network.Parameters.Values),
        ("gradient", network.Parameters.Gradient),
        .. head is null ? Array.Empty<(string, torch.Tensor)>() : [("head.reached", head.Reached)],
        .. optimizer.Memory(network.Parameters).Select(item => ($"optimizer.{item.Key}", item.Value)),
        .. network.Trunk.Statistics.Select(statistic => ($"statistic.{statistic.Name}", statistic.Value)),
    ];
}

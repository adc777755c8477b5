using LogitSeparation.Core.Models;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Inference;

/// <summary>
/// Single Logit Classification: is this example of that class? Answered by z_j &gt; T from the trunk and one row of the head, at
/// a cost that does not depend on the number of classes. Trunk and rows stay on the device from one source of examples to the next.
/// </summary>
public sealed class MatchFinder : IDisposable
{
    // Large enough to fill the processor, small enough to stay in memory with any network.
    private const int MostRows = 1024;

    private readonly Model _model;
    private readonly IReadOnlyList<ClassQuery> _queries;
    private readonly torch.Device _device;
    private readonly TrainedTrunk _trunk;
    private readonly HeadRows _head;

    /// <summary>Puts trunk and rows on a device.</summary>
    /// <param name="model">The model.</param>
    /// <param name="queries">The classes and their thresholds; no other row of the head is computed.</param>
    /// <param name="device">Where to compute; null for the CPU.</param>
    /// <exception cref="SlcException"><c>ClassOutOfRange</c>, <c>UnknownDevice</c>, <c>OutOfMemory</c>, <c>TorchFailed</c>.</exception>
    public MatchFinder(Model model, IReadOnlyList<ClassQuery> queries, string? device)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(queries);
        ClassQuery.Check(queries, model);
        (_model, _queries, _device) = (model, queries, Devices.Open(device ?? "cpu"));
        _trunk = TorchFailure.Guard(_device.ToString(), () => new TrainedTrunk(model, _device));
        try
        {
            _head = new(model, [.. queries.Select(query => query.Class)], _device);
        }
        catch
        {
            _trunk.Dispose();
            throw;
        }
    }

    /// <summary>The number of examples that were looked at so far.</summary>
    public long ExampleCount { get; private set; }

    /// <summary>
    /// The multiplications with an addition that this took: for each example all of the trunk, and a row of the head for each class that is
    /// looked for.
    /// </summary>
    public long MultiplyAddCount => _trunk.MultiplyAddCount + _head.MultiplyAddCount;

    /// <summary>Finds the examples of the classes, as they are read, in their order.</summary>
    /// <param name="examples">Where to look.</param>
    /// <param name="cancellation">Looked at before each block.</param>
    /// <returns>The matches of each example in the order of the queries.</returns>
    /// <exception cref="SlcException"><c>ExampleShapeMismatch</c>, <c>PicturesNotTaken</c>, and those of files.</exception>
    public IEnumerable<Match> Find(ExampleSource examples, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return FindBlocks(examples, examples.Read(_model, _head.RowsOf(_trunk.RowsOf(MostRows)), cancellation));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _trunk.Dispose();
        _head.Dispose();
    }

    private IEnumerable<Match> FindBlocks(ExampleSource examples, IEnumerable<ExampleBlock> blocks)
    {
        foreach (var block in blocks)
        {
            var logits = Compute(block);
            ExampleCount += block.Count;
            for (var i = 0; i < logits.Length; i++)
            {
                var query = _queries[i % _queries.Count];
                if (logits[i] > query.Threshold)
                    yield return query.ToMatch(_model, block.Names[i / _queries.Count], logits[i]) with { Source = examples.Name };
            }
        }
    }

    private float[] Compute(ExampleBlock block)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        return TorchFailure.Guard(_device.ToString(), () => _head.Compute(_trunk.Infer(block)));
    }
}

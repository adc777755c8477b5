using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Inference;

/// <summary>The logits that a model gives to a split, computed block by block at every pass; n x k need not fit in memory.</summary>
public sealed class ModelLogits : Logits
{
    private readonly Model _model;
    private readonly Dataset _dataset;
    private readonly string? _device;
    private readonly CancellationToken _cancellation;
    private readonly int[]? _labels;

    /// <summary>Describes the table; nothing is computed yet.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dataset">The examples; their classes must be classes of the model, by name.</param>
    /// <param name="split">Which of them.</param>
    /// <param name="device">Where to compute; null for the CPU.</param>
    /// <param name="cancellation">Looked at before each block.</param>
    /// <exception cref="SlcException"><c>ClassMismatch</c>, <c>ExampleShapeMismatch</c>.</exception>
    public ModelLogits(Model model, Dataset dataset, Split split, string? device, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        _labels = MapLabels(model, dataset, split);
        FeatureReader.CheckShape(model, dataset);
        _model = model;
        _dataset = dataset;
        _device = device;
        _cancellation = cancellation;
        Dataset = dataset.Name;
        Split = split;
        Loss = model.Loss;
        LossWeights = model.LossWeights;
        Seed = model.Training.Seed;
        LearningRate = model.LearningRate;
        Setting = model.Setting;
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<int> Labels => _labels ?? _dataset[Split!.Value].Labels;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassNames => _model.ClassNames;

    /// <inheritdoc/>
    public override bool IsDouble => false;

    /// <inheritdoc/>
    public override LogitReader Open() => new Reader(this, Devices.Open(_device ?? "cpu"));

    /// <summary>The multiplications with an addition that passes over columns did so far: the trunk, and the rows of the head that were asked for.</summary>
    internal long MultiplyAddCount { get; private set; }

    /// <summary>One pass over some columns: the trunk and those rows of the head, never the others.</summary>
    /// <param name="classes">The columns.</param>
    /// <returns>Blocks of rows that have these columns alone, in this order.</returns>
    internal IEnumerable<RowBlock<float>> ReadColumns(IReadOnlyList<int> classes)
    {
        var device = Devices.Open(_device ?? "cpu");
        using var features = new FeatureReader(_model, _dataset, Split!.Value, device);
        using var head = new HeadRows(_model, classes, device);
        var rows = features.RowsFor(head);
        for (var first = 0; first < Count; first += rows)
        {
            _cancellation.ThrowIfCancellationRequested();
            var before = features.MultiplyAddCount + head.MultiplyAddCount;
            var count = Math.Min(rows, Count - first);
            var logits = features.Compute(head, first, count);
            MultiplyAddCount += features.MultiplyAddCount + head.MultiplyAddCount - before;
            yield return new(first, count, logits);
        }
    }

    /// <summary>Computes the whole table.</summary>
    public MemoryLogits ToMemory()
    {
        if ((long)Count * ClassCount > Array.MaxLength)
            throw TooLarge("The logits cannot be held");
        var logits = new float[Count * ClassCount];
        if (Count > 0)
        {
            using var reader = Open();
            reader.Read(0, logits);
        }

        return new(logits, Labels.ToArray(), ClassNames)
        {
            Dataset = Dataset,
            Split = Split,
            Loss = Loss,
            LossWeights = LossWeights,
            Seed = Seed,
            LearningRate = LearningRate,
            Setting = Setting,
        };
    }

    // Classes may have been added to the model, or removed, since it was trained: then its rows bear other numbers than the data set's classes.
    private static int[]? MapLabels(Model model, Dataset dataset, Split split)
    {
        var (expected, found) = (model.ClassNames, dataset.ClassNames);
        if (expected.SequenceEqual(found))
            return null;
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var j = 0; j < expected.Count; j++)
            rows.TryAdd(expected[j], j);
        return rows.Count == expected.Count && found.All(rows.ContainsKey)
            ? Array.ConvertAll(dataset[split].Labels.ToArray(), label => rows[found[label]])
            : throw ClassMismatch(dataset, model);
    }

    private static SlcException ClassMismatch(Dataset dataset, Model model)
    {
        var (expected, found) = (model.ClassNames, dataset.ClassNames);
        var first = Enumerable.Range(0, Math.Min(expected.Count, found.Count)).FirstOrDefault(j => expected[j] != found[j], -1);
        var difference = first < 0
            ? FormattableString.Invariant($"{found.Count} classes, but the model has {expected.Count}")
            : FormattableString.Invariant($"class {first} '{found[first]}', but the model has '{expected[first]}'");
        return new("ClassMismatch", SlcErrorKind.InvalidData,
            $"{dataset.Name} has {difference}. Use the data set that it was trained on ({model.Dataset}), or one with the same classes.", dataset.Name);
    }

    private sealed class Reader : LogitReader
    {
        private readonly ModelLogits _table;
        private readonly FeatureReader _features;
        private readonly HeadRows _head;

        public Reader(ModelLogits table, torch.Device device)
        {
            _table = table;
            _features = new(table._model, table._dataset, table.Split!.Value, device);
            try
            {
                _head = new(table._model, classes: null, device);
            }
            catch
            {
                _features.Dispose();
                throw;
            }
        }

        public override void Read(int firstRow, Span<float> destination)
        {
            var k = _table.ClassCount;
            var rows = destination.Length / k;
            var block = _features.RowsFor(_head);
            for (var done = 0; done < rows; done += block)
            {
                _table._cancellation.ThrowIfCancellationRequested();
                var count = Math.Min(block, rows - done);
                _features.Compute(_head, firstRow + done, count).CopyTo(destination.Slice(done * k, count * k));
            }
        }

        public override void Read(int firstRow, Span<double> destination)
        {
            var single = new float[destination.Length];
            Read(firstRow, single);
            for (var i = 0; i < single.Length; i++)
                destination[i] = single[i];
        }

        protected override void Dispose(bool disposing)
        {
            _features.Dispose();
            _head.Dispose();
            base.Dispose(disposing);
        }
    }
}

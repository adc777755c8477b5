using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Indexing;

/// <summary>Runs a model's trunk over examples, once, and keeps the features in an index.</summary>
public sealed class IndexBuilder : IDisposable
{
    private const int MostRows = 1024;

    private readonly Model _model;
    private readonly torch.Device _device;
    private readonly TrainedTrunk _trunk;
    private readonly string _path;
    private IndexHeader? _begun;
    private IndexWriter? _writer;

    private IndexBuilder(Model model, string path, string? device, IndexHeader? begun)
    {
        (_model, _path, _device, _begun) = (model, path, Devices.Open(device ?? "cpu"), begun);
        _trunk = TorchFailure.Guard(_device.ToString(), () => new TrainedTrunk(model, _device));
        try
        {
            if (begun is null)
                _writer = Open();
        }
        catch
        {
            _trunk.Dispose();
            throw;
        }
    }

    /// <summary>Begins a new index; a file of that name is replaced when there are first features to keep, and not before.</summary>
    /// <param name="model">The model whose features they are.</param>
    /// <param name="path">The file.</param>
    /// <param name="type">What features are kept as.</param>
    /// <param name="device">Where to compute; null for the CPU.</param>
    /// <exception cref="SlcException"><c>NotWritable</c>, <c>DiskFull</c>, <c>PathEmpty</c>, <c>PathInvalid</c>, <c>UnknownDevice</c>, <c>IndexInUse</c>.</exception>
    public static IndexBuilder Create(Model model, string path, FeatureType type, string? device)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(model, path, device, new(model.FeatureCount, type, TrunkChecksum.Of(model), model.ToString(), model.Version));
    }

    /// <summary>Opens an index to add to it.</summary>
    /// <param name="model">A model with the trunk that made it.</param>
    /// <param name="path">The file.</param>
    /// <param name="device">Where to compute; null for the CPU.</param>
    /// <exception cref="SlcException"><c>IndexOfAnotherModel</c>, <c>NotWritable</c>, and those of <see cref="FeatureIndex.Open"/>.</exception>
    public static IndexBuilder Append(Model model, string path, string? device)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(model, path, device, begun: null);
    }

    /// <summary>Adds examples. What is on disk counts, also where the rest is never added.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="cancellation">Looked at before each block.</param>
    /// <returns>The number of examples added so far, after each block of them.</returns>
    /// <exception cref="SlcException"><c>ExampleShapeMismatch</c>, <c>PicturesNotTaken</c>, <c>FeatureOutOfRange</c>, <c>DiskFull</c>, <c>NotWritable</c>, and those of files.</exception>
    public IEnumerable<long> Add(ExampleSource examples, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(examples);
        foreach (var block in examples.Read(_model, _trunk.RowsOf(MostRows), cancellation))
        {
            var features = Compute(block);
            (_writer ??= Open()).Add(examples.Name, block.Names, features);
            Added += block.Count;
            yield return Added;
        }
    }

    /// <summary>The number of examples that were added.</summary>
    public long Added { get; private set; }

    /// <summary>Writes all that was added.</summary>
    /// <exception cref="SlcException"><c>DiskFull</c>, <c>NotWritable</c>, <c>FeatureOutOfRange</c>.</exception>
    public void Commit() => _writer?.Commit();

    /// <summary>Closes the index, and tells what it holds; nothing can be added any more.</summary>
    /// <exception cref="SlcException">As of <see cref="Commit"/>; <c>ExamplesMissing</c>: a new index would be empty.</exception>
    public FeatureIndex Close()
    {
        if (_writer is null)
        {
            throw new SlcException("ExamplesMissing", SlcErrorKind.InvalidData,
                $"There was no example to keep, so '{_path}' was not written. Give examples that can be read.", _path);
        }

        Commit();
        Dispose();
        return FeatureIndex.Open(_path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer?.Dispose();
        _trunk.Dispose();
    }

    private IndexWriter Open()
    {
        if (_begun is not null)
            IndexWriter.Create(_path, _begun);
        _begun = null;
        return IndexWriter.Open(_path, index => index.CheckModel(_model));
    }

    private float[] Compute(ExampleBlock block)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        return TorchFailure.Guard(_device.ToString(), () => _trunk.Infer(block).cpu().contiguous().data<float>().ToArray());
    }
}

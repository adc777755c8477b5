using LogitSeparation.Core.Data;
using LogitSeparation.Core.Networks;
using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>
/// A split whose examples are had as network inputs on a device. What is in memory lies on the device for the whole of a training,
/// bytes as bytes, and batches are picked there by index; everything else is read batch by batch.
/// </summary>
internal sealed class DeviceSplit : IDisposable
{
    private readonly torch.Tensor? _table;
    private readonly torch.Tensor _labels;
    private readonly BlockReader _reader;
    private torch.Tensor? _inputs;

    /// <summary>Copies a split to the device, or prepares to read it.</summary>
    public DeviceSplit(DataSplit split, PixelScaling scaling, torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        Split = split;
        Scaling = scaling;
        Device = device;
        _reader = new(split, scaling, device);
        _labels = torch.tensor(Array.ConvertAll(split.Labels.ToArray(), label => (long)label), device: device);
        if (IsResident)
            _table = Place();

        // Both leave the scope when both are there, so that none stays where the other fails.
        scope.Detach(_labels);
        if (_table is not null)
            scope.Detach(_table);
    }

    /// <summary>The examples.</summary>
    public DataSplit Split { get; }

    /// <summary>How their numbers become inputs.</summary>
    public PixelScaling Scaling { get; }

    /// <summary>Where the inputs are.</summary>
    public torch.Device Device { get; }

    /// <summary>The number of examples.</summary>
    public int Count => Split.Count;

    /// <summary>Whether all examples lie on the device.</summary>
    public bool IsResident => Split.Store.IsInMemory && (long)Count * Split.Store.ByteLength <= int.MaxValue;

    /// <summary>The inputs and labels of these rows. The inputs are overwritten by the next call.</summary>
    /// <param name="rows">m row numbers, int64, on the device.</param>
    /// <exception cref="InvalidOperationException">The examples do not lie on the device.</exception>
    public (torch.Tensor Input, torch.Tensor Labels) Pick(torch.Tensor rows)
    {
        if (_table is null)
            throw new InvalidOperationException("These examples are read in the order of training (TrainingBatches), not picked.");
        var input = Split.Store.Type != ExampleType.Byte ? _table.index_select(0, rows)
            : Device.type == DeviceType.CPU ? PickBytes(_table, rows)
            : InputTensor.Scale(_table.index_select(0, rows), Scaling);
        return (input, LabelsOf(rows));
    }

    /// <summary>The labels of these rows.</summary>
    /// <param name="rows">m row numbers, int64, on the device.</param>
    public torch.Tensor LabelsOf(torch.Tensor rows) => _labels.index_select(0, rows);

    /// <summary>The number of examples that a slice should have, so that large ones do not fill the memory.</summary>
    /// <param name="most">The number for small examples.</param>
    public int SliceRows(int most) => _reader.RowsOf(most);

    /// <summary>The inputs and labels of consecutive examples, which are read as evaluation sees them.</summary>
    public (torch.Tensor Input, torch.Tensor Labels) Slice(int first, int count)
    {
        var labels = _labels.narrow(0, first, count);
        if (_table is null)
            return (_reader.Read(first, count), labels);
        var rows = _table.narrow(0, first, count);
        return (Split.Store.Type == ExampleType.Byte ? InputTensor.Scale(rows, Scaling) : rows, labels);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _inputs?.Dispose();
        _table?.Dispose();
        _labels.Dispose();
    }

    // The same memory step after step: fresh memory would have to be fetched from the system and into the cache.
    private torch.Tensor PickBytes(torch.Tensor table, torch.Tensor rows)
    {
        if (_inputs is null || _inputs.shape[0] != rows.shape[0])
        {
            _inputs?.Dispose();
            _inputs = torch.empty(rows.shape[0], table.shape[1]).DetachFromDisposeScope();
        }

        InputTensor.Pick(table, rows, Scaling, _inputs);
        return _inputs.alias();
    }

    // Floats are scaled once and for all; bytes whenever they are picked, as a quarter of the memory counts for more.
    private torch.Tensor Place()
    {
        var store = Split.Store;
        var isByte = store.Type == ExampleType.Byte;
        var table = torch.empty([Count, store.ExampleLength], isByte ? torch.uint8 : torch.float32);
        Split.CopyTo(0, table.bytes);
        table = table.to(Device);
        return isByte ? table : InputTensor.Scale(table, Scaling);
    }
}

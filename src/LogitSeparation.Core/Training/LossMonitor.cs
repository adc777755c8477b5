using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>
/// Keeps each step's loss on the device and reads them back many at a time, since waiting for the device at each step costs
/// more than the step's small operations. Notices a loss that left the finite numbers, and at which step it did.
/// </summary>
internal sealed class LossMonitor : IDisposable
{
    private const int Capacity = 64;

    private readonly torch.Tensor _pending;
    private readonly torch.Tensor[] _places;
    private int _count;
    private double _sum;
    private long _summed;

    /// <summary>Creates a monitor for losses on a device.</summary>
    public LossMonitor(torch.Device device)
    {
        _pending = torch.zeros(Capacity, dtype: torch.float64, device: device).DetachFromDisposeScope();
        _places = Array.ConvertAll(_pending.unbind(), place => place.DetachFromDisposeScope());
    }

    /// <summary>The mean of the last losses that were read back.</summary>
    public double Recent { get; private set; } = double.NaN;

    /// <summary>The number of steps whose loss was read back.</summary>
    public long Step { get; private set; }

    /// <summary>The sum and the number of the losses that were read back since the last mean was taken.</summary>
    public (double Sum, long Count) Gathered => (_sum, _summed);

    /// <summary>Goes on from where another monitor was.</summary>
    /// <param name="step">The number of steps whose loss was read back.</param>
    /// <param name="sum">The sum of the losses since the last mean was taken.</param>
    /// <param name="count">Their number.</param>
    public void Resume(long step, double sum, long count)
    {
        (Step, _sum, _summed) = (step, sum, count);
        Recent = count > 0 ? sum / count : double.NaN;
    }

    /// <summary>Keeps the loss of the next step.</summary>
    /// <param name="value">Float64, no dimension.</param>
    /// <returns>False where a loss that was read back is not finite: that of step <see cref="Step"/>, counted from 1.</returns>
    public bool Record(torch.Tensor value)
    {
        _places[_count++].copy_(value);
        return _count < Capacity || Read();
    }

    /// <summary>Reads back what is kept.</summary>
    /// <returns>False where one is not finite, as <see cref="Record"/>.</returns>
    public bool Read()
    {
        if (_count == 0)
            return true;
        using var scope = torch.NewDisposeScope();
        var values = _pending.narrow(0, 0, _count).cpu().data<double>().ToArray();
        _count = 0;
        foreach (var value in values)
        {
            Step++;
            Recent = value;
            if (!double.IsFinite(value))
                return false;
            _sum += value;
            _summed++;
        }

        Recent = values.Average();
        return true;
    }

    /// <summary>The mean loss since the last call.</summary>
    public double TakeMean()
    {
        var mean = _sum / _summed;
        (_sum, _summed) = (0, 0);
        return mean;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var place in _places)
            place.Dispose();
        _pending.Dispose();
    }
}

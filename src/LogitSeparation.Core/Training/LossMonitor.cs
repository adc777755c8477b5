using LogitSeparation.Core.Principle;
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
    private readonly torch.Tensor[] _certifiable;
    private readonly CertificateBound? _bound;
    private readonly torch.Tensor? _infimum;
    private bool _isSum;
    private int _count;
    private double _sum;
    private long _summed;
    private long _certified;

    /// <summary>Creates a monitor for losses on a device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="bound">What a batch is certified by; null where none is.</param>
    public LossMonitor(torch.Device device, CertificateBound? bound = null)
    {
        _bound = bound;
        _infimum = bound?.Infimum is { } infimum ? torch.tensor(infimum, device: device).DetachFromDisposeScope() : null;
        _pending = torch.zeros(2 * Capacity, dtype: torch.float64, device: device).DetachFromDisposeScope();
        var places = Array.ConvertAll(_pending.unbind(), place => place.DetachFromDisposeScope());
        (_places, _certifiable) = (places[..Capacity], places[Capacity..]);
    }

    /// <summary>The mean of the last losses that were read back.</summary>
    public double Recent { get; private set; } = double.NaN;

    /// <summary>The number of steps whose loss was read back.</summary>
    public long Step { get; private set; }

    /// <summary>The sum and the number of the losses that were read back since the last mean was taken.</summary>
    public (double Sum, long Count) Gathered => (_sum, _summed);

    /// <summary>The number of certified batches among them.</summary>
    public long Certified => _certified;

    /// <summary>The share of certified batches since the last mean was taken; null where none can be certified.</summary>
    public double? CertifiedShare => _bound is null || _summed == 0 ? null : (double)_certified / _summed;

    /// <summary>Goes on from where another monitor was.</summary>
    /// <param name="step">The number of steps whose loss was read back.</param>
    /// <param name="sum">The sum of the losses since the last mean was taken.</param>
    /// <param name="count">Their number.</param>
    /// <param name="certified">How many of them were certified.</param>
    public void Resume(long step, double sum, long count, long certified = 0)
    {
        (Step, _sum, _summed, _certified) = (step, sum, count, certified);
        Recent = count > 0 ? sum / count : double.NaN;
    }

    /// <summary>Keeps the loss of the next step.</summary>
    /// <param name="value">Float64, no dimension.</param>
    /// <param name="labels">The batch's labels.</param>
    /// <param name="main">The part of it that is the loss of the logits to certify, where it is a sum; the same, else null.</param>
    /// <returns>False where a loss that was read back is not finite: that of step <see cref="Step"/>, counted from 1.</returns>
    public bool Record(torch.Tensor value, torch.Tensor labels, torch.Tensor? main = null)
    {
        if (_infimum is not null)
            main = (main ?? value) - _infimum.index_select(0, labels).mean();
        _isSum = main is not null;
        if (main is not null)
            _certifiable[_count].copy_(main);
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
        var certifiable = _isSum ? _pending.narrow(0, Capacity, _count).cpu().data<double>().ToArray() : values;
        _count = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            Step++;
            Recent = value;
            if (!double.IsFinite(value))
                return false;
            _sum += value;
            _summed++;
            if (certifiable[i] < _bound?.Threshold)
                _certified++;
        }

        Recent = values.Average();
        return true;
    }

    /// <summary>The mean loss since the last call.</summary>
    public double TakeMean()
    {
        var mean = _sum / _summed;
        (_sum, _summed, _certified) = (0, 0, 0);
        return mean;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var place in _places.Concat(_certifiable))
            place.Dispose();
        _pending.Dispose();
        _infimum?.Dispose();
    }
}

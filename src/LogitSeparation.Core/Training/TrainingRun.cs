using System.Diagnostics;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Principle;
using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>One training: one loss, one learning rate, one network, from fresh weights or a checkpoint to a model.</summary>
internal sealed class TrainingRun : IDisposable
{
    private const int DefaultHistoryPoints = 20;
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(200);

    private readonly Dataset _dataset;
    private readonly ValidationMeasure _validation;
    private readonly string _lossName;
    private readonly LossOptions _lossOptions;
    private readonly TrainingOptions _options;
    private readonly ScheduledRate _rate;
    private readonly Loss _loss;
    private readonly Optimizer _optimizer;
    private readonly TrainingBatches _batches;
    private readonly LossMonitor _monitor;
    private readonly StepGradient _gradient;
    private List<HistoryPoint> _history = [];

    /// <summary>Prepares a run.</summary>
    /// <param name="dataset">What to train on.</param>
    /// <param name="train">Its training split on the device.</param>
    /// <param name="validation">Its validation split on the device; null where it is empty.</param>
    /// <param name="lossName">The name of the loss.</param>
    /// <param name="lossOptions">The hyperparameters of the losses.</param>
    /// <param name="options">How to train, with one learning rate.</param>
    /// <param name="spec">The network.</param>
    /// <param name="device">Where to train.</param>
    public TrainingRun(
        Dataset dataset, DeviceSplit train, DeviceSplit? validation, string lossName, LossOptions lossOptions,
        TrainingOptions options, NetworkSpec spec, torch.Device device)
    {
        _dataset = dataset;
        _validation = new(dataset, validation, options.SelectBy);
        _lossName = lossName;
        _lossOptions = lossOptions;
        _options = options;
        _rate = new(options.Schedule, options.LearningRate[0], options.StepCount);
        var counts = dataset.Train.CountClasses();
        _loss = LossCatalog.Create(lossName, new(lossOptions, counts, options.Seed));
        try
        {
            _optimizer = Optimizer.Create(options, options.LearningRate[0]);
            _batches = new(train, dataset.ExampleShape, options);
            Network = new(spec, options.Seed, device, precision: options.ProductPrecision, loss: _loss);
            var isBlocked = StepGradient.IsBlocked(_loss, Network, options.BatchSize);
            _monitor = new(device, BatchCertificate.Find(_loss, lossName, lossOptions, options.BatchSize, counts, device, isBlocked));
            _gradient = StepGradient.Create(_loss, Network, _optimizer, options, _rate);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The network in training.</summary>
    public Network Network { get; }

    /// <summary>Takes all steps, or those that are left.</summary>
    /// <param name="record">Where checkpoints and events are kept.</param>
    /// <param name="report">Called a few times a second with step, mean loss, last validation accuracy and steps per second.</param>
    /// <param name="cancellation">Looked at before each step; what was learnt goes into a checkpoint before it throws.</param>
    /// <exception cref="SlcException"><c>TrainingDiverged</c>, naming step, loss and learning rate.</exception>
    public Model Run(RunRecord record, Action<RunStatus>? report, CancellationToken cancellation)
    {
        using var noGrad = torch.no_grad();
        var begun = Restore(record);
        var clock = Stopwatch.StartNew();
        var interval = _options.HistoryInterval > 0 ? _options.HistoryInterval : Math.Max(1, _options.StepCount / DefaultHistoryPoints);
        var (reportedAt, reportedStep) = (TimeSpan.Zero, begun.Step);

        // A stop may have come while this point was measured.
        if (IsMeasured(begun.Step) && (_history.Count == 0 || _history[^1].Step < begun.Step))
            AddHistoryPoint(record, begun.Step, cancellation);
        for (var step = begun.Step + 1; step <= _options.StepCount; step++)
        {
            if (cancellation.IsCancellationRequested || record.IsDue(step - 1))
                Save(record, step - 1, begun.Duration + clock.Elapsed);
            cancellation.ThrowIfCancellationRequested();
            TakeStep(step - 1);
            if (IsMeasured(step))
                Measure(step);
            if (report is not null && clock.Elapsed - reportedAt >= ReportInterval)
            {
                Check(_monitor.Read());
                var speed = (step - reportedStep) / (clock.Elapsed - reportedAt).TotalSeconds;
                report(new(step, _monitor.Recent, _history.Count > 0 ? _history[^1].ValidationAccuracy : null, speed, _monitor.CertifiedShare));
                (reportedAt, reportedStep) = (clock.Elapsed, step);
            }
        }

        return CreateModel(begun.Duration + clock.Elapsed);

        bool IsMeasured(int step) => step > 0 && (step % interval == 0 || step == _options.StepCount);

        void Measure(int step)
        {
            try
            {
                AddHistoryPoint(record, step, cancellation);
            }
            catch (OperationCanceledException)
            {
                Save(record, step, begun.Duration + clock.Elapsed);
                throw;
            }
        }
    }

    /// <summary>One step: a batch, its gradients, and on.</summary>
    internal void TakeStep(long step)
    {
        using var scope = torch.NewDisposeScope();
        var (input, labels) = _batches.Take(step);
        Network.Trunk.Begin(step);
        _optimizer.LearningRate = _rate.At(step);
        var (value, main) = _gradient.Gather(input, labels, step);
        Check(_monitor.Record(value, labels, main));
        _optimizer.Step(Network.Parameters);
    }

    /// <summary>Brings the whole head to where a number of steps leaves it, before it is read other than by steps.</summary>
    internal void CatchUp(long step) => _gradient.CatchUp(step);

    /// <inheritdoc/>
    public void Dispose()
    {
        _loss.Dispose();
        Network?.Dispose();
        _optimizer?.Dispose();
        _batches?.Dispose();
        _monitor?.Dispose();
        _gradient?.Dispose();
    }

    private (int Step, TimeSpan Duration) Restore(RunRecord record)
    {
        var position = record.Restore(checkpoint => checkpoint.Restore(Network, _optimizer, _gradient.LazyHead), _options.StepCount);
        if (position is null)
            return (0, TimeSpan.Zero);
        _monitor.Resume(position.Step, position.LossSum, position.LossCount, position.CertifiedCount);
        _history = [.. position.History];
        return (position.Step, TimeSpan.FromSeconds(position.Seconds));
    }

    private void Save(RunRecord record, int step, TimeSpan duration)
    {
        if (step == 0 || !record.IsKept)
            return;
        Check(_monitor.Read());
        var (sum, count) = _monitor.Gathered;
        var position = new RunPosition
        {
            Training = record.Training,
            Step = step,
            History = _history.ToArray(),
            LossSum = sum,
            LossCount = count,
            CertifiedCount = _monitor.Certified,
            Seconds = duration.TotalSeconds,
            ThreadCount = torch.get_num_threads(),
        };
        record.Save(RunCheckpoint.Capture(position, Network, _optimizer, _gradient.LazyHead));
    }

    private void AddHistoryPoint(RunRecord record, int step, CancellationToken cancellation)
    {
        Check(_monitor.Read());
        CatchUp(step);
        var validation = _validation.Measure(Network, cancellation);
        var certified = _monitor.CertifiedShare;
        var point = new HistoryPoint(step, _monitor.TakeMean(), validation.Accuracy, validation.Auprc, certified, validation.Margin);
        _history.Add(point);
        record.Add(point, _rate.At(step - 1));
    }

    private void Check(bool finite)
    {
        if (!finite)
            throw Diverged(FormattableString.Invariant($"the loss became {_monitor.Recent} at step {_monitor.Step}"));
    }

    private SlcException Diverged(string what) => new("TrainingDiverged", SlcErrorKind.Diverged,
        FormattableString.Invariant($"Training with {_lossName} at learning rate {_options.LearningRate[0]} ended: {what}. ") +
        "Try a smaller -LearningRate.", _lossName);

    private Model CreateModel(TimeSpan duration)
    {
        CatchUp(_options.StepCount);
        using (var scope = torch.NewDisposeScope())
        {
            // Normalisation by an infinite deviation gives zeros, whose loss and gradient are finite.
            var values = Network.Trunk.Statistics.Select(statistic => statistic.Value).Prepend(Network.Parameters.Values);
            if (!values.All(value => value.isfinite().all().item<bool>()))
                throw Diverged(FormattableString.Invariant($"weights or batch statistics left the finite numbers by step {_options.StepCount}"));
        }

        return new(Network.Spec, Network.CopyWeights())
        {
            Loss = _lossName,
            LossOptions = _lossOptions with { Own = null },
            Training = _options,
            DatasetIdentity = _dataset.Identity,
            ClassNames = _dataset.ClassNames,
            Scaling = _dataset.Scaling,
            ThreadCount = torch.get_num_threads(),
            History = _history,
            Duration = duration,
            Version = typeof(Model).Assembly.GetName().Version!.ToString(3),
            AttachedDataset = _dataset,
        };
    }
}

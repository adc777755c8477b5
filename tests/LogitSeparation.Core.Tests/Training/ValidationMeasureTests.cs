using System.Diagnostics;
using LogitSeparation.Core.Data;
using LogitSeparation.Core.Evaluation;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Networks;
using LogitSeparation.Core.Training;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Training;

public sealed class ValidationMeasureTests : IDisposable
{
    private static readonly TrainingOptions Options = new()
    {
        StepCount = 20,
        BatchSize = 16,
        HiddenUnit = [8],
        Network = "MLP",
        HistoryInterval = 10,
        Device = TestDevice.Name,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("slc").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Validation examples that are made slowly, each block of 2,048 in a second or more.
    private static Dataset CreateSlow(Action reading, int milliseconds)
    {
        var quick = SmallDataset.Create(classCount: 2);
        var slow = new DataSplit(Split.Validation, new GeneratedExamples(20_480, 16, row =>
        {
            reading();
            if (row % 64 == 0)
                Thread.Sleep(milliseconds);
        }), null, 2);
        return new(quick.Identity, quick.ClassNames, quick.ExampleShape, quick.Scaling, quick.Train, slow, quick.Test);
    }

    [Fact]
    public void Cancelling_stops_within_a_block()
    {
        var (clock, read) = (new Stopwatch(), 0);
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var data = CreateSlow(() =>
        {
            if (Interlocked.Increment(ref read) != 100)
                return;
            clock.Start();
            source.Cancel();
        }, 100);
        Assert.Throws<OperationCanceledException>(() => Trainer.Train(data, ["CE"], new(), Options, null, source.Token).ToArray());
        Assert.InRange(read, 100, 20_480 - 1);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(15));
    }

    [Fact]
    public void A_training_that_was_stopped_while_it_was_measured_loses_no_point_of_its_history()
    {
        var whole = Trainer.Train(CreateSlow(() => { }, 0), ["CE"], new(), Options, null, Stop).Single().Model!;
        var read = 0;
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var data = CreateSlow(() =>
        {
            if (Interlocked.Increment(ref read) == 100)
                source.Cancel();
        }, 0);
        var files = new TrainingFiles { CheckpointPath = _folder };
        Assert.Throws<OperationCanceledException>(() => Trainer.Train(data, ["CE"], new(), Options, files, null, source.Token).ToArray());
        var resumed = Trainer.Resume(SavedTraining.Open(_folder), data, null, new(), null, Stop).Single().Model!;
        Assert.Equal([10, 20], resumed.History.Select(point => point.Step));
        Assert.Equal(whole.History, resumed.History);
    }

    [Fact]
    public void Average_precision_is_the_same_whether_logits_are_held_or_computed_anew()
    {
        var data = SmallDataset.Create(noise: 200);
        var device = TestDevice.Open();
        using var noGrad = torch.no_grad();
        using var validation = new DeviceSplit(data.Validation, data.Scaling, device);
        using var network = new Network(NetworkCatalog.Describe("MLP", data.ExampleShape, [8], data.ClassCount), 0, device);
        var measure = new ValidationMeasure(data, validation, SelectionMeasure.Auprc);
        var held = measure.Measure(network, long.MaxValue, Stop);
        Assert.Equal(held, measure.Measure(network, 0, Stop));
        Assert.InRange(held.Auprc!.Value, 0.1, 0.999);
    }

    [Fact]
    public void The_margin_of_a_history_is_that_of_the_validation_split()
    {
        var data = SmallDataset.Create(noise: 200);
        var model = Trainer.Train(data, ["BatchCE"], new(), Options, null, Stop).Single().Model!;
        var logits = new ModelLogits(model, data, Split.Validation, TestDevice.Name, Stop);
        Assert.Equal([10, 20], model.History.Select(point => point.Step));
        Assert.NotEqual(model.History[0].ValidationMargin, model.History[1].ValidationMargin);
        Assert.Equal(Separation.Measure(logits, cancellationToken: Stop).Margin, model.History[1].ValidationMargin!.Value, 1e-4);
    }

    [Fact]
    public void Blocks_are_bounded_by_the_number_of_classes()
    {
        using var parameters = new ParameterBuffer();
        Assert.Equal(41, new Head(2, 400_000, parameters, 0).RowsOf(2048));
        Assert.Equal(2048, new Head(2, 10, parameters, 0).RowsOf(2048));
    }
}

using System.Text.Json;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Training;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Training;

public sealed class CertifiedShareTests
{
    private static readonly TrainingOptions Options = new()
    {
        StepCount = 1500,
        BatchSize = 4,
        HiddenUnit = [16],
        LearningRate = [0.02],
        HistoryInterval = 300,
        Device = TestDevice.Name,
    };

    [Fact]
    public void Training_ends_certified_where_the_loss_is_aligned()
    {
        var models = Trainer.Train(SmallDataset.Create(), [.. LossCatalog.Known.Select(info => info.Name)], new() { ZWeight = 0.1 }, Options, null, TestContext.Current.CancellationToken)
            .Select(result => result.Model!).ToList();
        foreach (var model in models)
        {
            var shares = model.History.Select(point => point.CertifiedShare).ToList();
            if (!LossCatalog.Find(model.Loss).Aligned)
            {
                Assert.All(shares, share => Assert.Null(share));
                continue;
            }

            Assert.All(shares, share => Assert.InRange(share!.Value, 0, 1));
            Assert.True(shares[^1] > shares[0] || shares[0] == 1, $"{model.Loss}: {string.Join(", ", model.History)}");
        }

        var last = string.Join(", ", models.Select(model => $"{model.Loss} {model.History[^1].CertifiedShare}"));
        Assert.True(models.Exists(model => model.History[^1].CertifiedShare > 0.6), last);
    }

    [Fact]
    public void The_main_head_is_certified_where_the_loss_is_a_sum()
    {
        using var monitor = new LossMonitor(TestDevice.Open(), new(1, Infimum: null));
        using var scope = torch.NewDisposeScope();
        var (large, small, labels) = (TestTensor(5), TestTensor(0.5), Labels(0));
        for (var i = 0; i < 70; i++)
            Assert.True(monitor.Record(large, labels, i % 7 == 0 ? large : small));
        Assert.True(monitor.Read());
        Assert.Equal(6 / 7.0, monitor.CertifiedShare!.Value, 1e-12);
        Assert.Equal(5, monitor.TakeMean());
        Assert.Null(monitor.CertifiedShare);

        static torch.Tensor TestTensor(double value) => torch.tensor(value, dtype: torch.ScalarType.Float64, device: TestDevice.Open());
    }

    [Fact]
    public void A_loss_at_the_threshold_is_not_certified()
    {
        using var monitor = new LossMonitor(TestDevice.Open(), new(1, Infimum: null));
        using var scope = torch.NewDisposeScope();
        var labels = Labels(0);
        foreach (var value in new[] { 1, Math.BitDecrement(1), Math.BitIncrement(1), 0 })
            Assert.True(monitor.Record(torch.tensor(value, dtype: torch.ScalarType.Float64, device: TestDevice.Open()), labels));
        Assert.True(monitor.Read());
        Assert.Equal((0.5, 2), (monitor.CertifiedShare!.Value, monitor.Certified));
    }

    [Fact]
    public void The_infimum_of_the_labels_is_taken_off()
    {
        using var monitor = new LossMonitor(TestDevice.Open(), new(1, [10, 20, 40]));
        using var scope = torch.NewDisposeScope();
        var value = torch.tensor(25.9, dtype: torch.ScalarType.Float64, device: TestDevice.Open());

        // Over 10, 20, 40, (10 + 40) / 2 and (20 + 40) / 2.
        foreach (var labels in new[] { Labels(0), Labels(1), Labels(2), Labels(0, 2), Labels(2, 1) })
            Assert.True(monitor.Record(value, labels));
        Assert.True(monitor.Read());
        Assert.Equal(3, monitor.Certified);
        Assert.Equal(25.9, monitor.TakeMean());
    }

    [Fact]
    public void Losses_with_class_frequencies_and_with_epsilon_are_certified_too()
    {
        var options = new LossOptions { NoisePrior = NoisePrior.ClassFrequency, Epsilon = 1e-6 };
        foreach (var model in Trainer.Train(SmallDataset.Create(), ["NCE", "BatchCE", "BinaryCE"], options, Options, null, TestContext.Current.CancellationToken).Select(result => result.Model!))
        {
            var shares = model.History.Select(point => point.CertifiedShare).ToList();
            Assert.True(shares[^1] > shares[0] || shares[0] == 1, $"{model.Loss}: {string.Join(", ", model.History)}");
        }
    }

    private static torch.Tensor Labels(params long[] labels) => torch.tensor(labels, device: TestDevice.Open());

    [Fact]
    public void Models_and_checkpoints_without_the_share_are_read()
    {
        var point = JsonSerializer.Deserialize<HistoryPoint>("""{"step":3,"loss":0.5,"validationAccuracy":0.25}""", ModelFile.Json);
        Assert.Equal(new(3, 0.5, 0.25), point);
    }
}

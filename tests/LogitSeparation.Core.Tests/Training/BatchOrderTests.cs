using FsCheck.Xunit;
using LogitSeparation.Core.Training;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Training;

public sealed class BatchOrderTests
{
    [Property(MaxTest = 50)]
    public void Every_epoch_is_a_permutation_of_its_own(int seed, byte size)
    {
        var count = size + 20;
        using var order = new BatchOrder(count, 4, seed, TestDevice.Open());
        var (first, second) = (order.Permutation(0), order.Permutation(1));
        Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), first.Order());
        Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), second.Order());
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Batches_cut_the_permutation_and_drop_the_incomplete_last()
    {
        var device = TestDevice.Open();
        using var scope = torch.NewDisposeScope();
        using var order = new BatchOrder(11, 4, 9, device);
        long[] Rows(long step) => order.Rows(step).cpu().data<long>().ToArray();
        Assert.Equal(order.Permutation(0)[..8], Rows(0).Concat(Rows(1)));
        Assert.Equal(order.Permutation(1)[..8], Rows(2).Concat(Rows(3)));
        Assert.Equal(order.Permutation(0)[4..8], Rows(1));
    }

    [Fact]
    public void Every_position_is_taken_about_equally_often()
    {
        // 6 examples, 6000 epochs: each lands first 1000 times, give or take; five standard deviations are 144.
        using var order = new BatchOrder(6, 2, 1, TestDevice.Open());
        var counts = new int[6];
        for (var epoch = 0; epoch < 6000; epoch++)
            counts[order.Permutation(epoch)[0]]++;
        Assert.All(counts, count => Assert.InRange(count, 856, 1144));
    }
}

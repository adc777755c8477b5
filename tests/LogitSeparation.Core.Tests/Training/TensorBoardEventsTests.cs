using System.Text;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Training;
using Xunit;

namespace LogitSeparation.Core.Tests.Training;

public sealed class TensorBoardEventsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slc").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_holds_version_restart_and_scalars_in_records_with_checksums()
    {
        using (var events = TensorBoardEvents.Create(_folder, Plan(3), "CE", 0.1)!)
        {
            events.Begin(40);
            events.Add(new(50, 0.5, 0.75, null, 0.25), 0.1);
        }

        var file = Assert.Single(Directory.GetFiles(Path.Combine(_folder, $"Small-CE-0.1-seed3-{Plan(3).RunId("CE", 0.1)}"), "events.out.tfevents.*"));
        var records = ReadRecords(File.ReadAllBytes(file));
        Assert.Equal(3, records.Count);
        Assert.Contains("brain.Event:2", Encoding.ASCII.GetString(records[0]), StringComparison.Ordinal);

        // Event: wall_time (1, fixed64), step (2, varint) 41, session_log (7) { status (1): START }.
        Assert.Equal([0x10, 41, 0x3a, 2, 0x08, 1], records[1][9..]);

        // Event: step 50, summary (5) of values (1) with tag (1) and simple_value (2, fixed32).
        byte[] loss = [0x0a, 4, .. "loss"u8, 0x15, .. BitConverter.GetBytes(0.5f)];
        byte[] rate = [0x0a, 13, .. "learning_rate"u8, 0x15, .. BitConverter.GetBytes(0.1f)];
        byte[] accuracy = [0x0a, 19, .. "validation/accuracy"u8, 0x15, .. BitConverter.GetBytes(0.75f)];
        byte[] certified = [0x0a, 9, .. "certified"u8, 0x15, .. BitConverter.GetBytes(0.25f)];
        byte[] values = [0x0a, (byte)loss.Length, .. loss, 0x0a, (byte)rate.Length, .. rate, 0x0a, (byte)accuracy.Length, .. accuracy, 0x0a, (byte)certified.Length, .. certified];
        Assert.Equal([0x10, 50, 0x2a, (byte)values.Length, .. values], records[2][9..]);
    }

    [Fact]
    public void A_training_writes_one_folder_for_each_run()
    {
        var options = new TrainingOptions { StepCount = 4, HiddenUnit = [4], BatchSize = 8, LearningRate = [0.1, 0.01], HistoryInterval = 2, Device = TestDevice.Name };
        var files = new TrainingFiles { TensorBoardPath = _folder };
        Assert.Equal(2, Trainer.Train(SmallDataset.Create(), ["CE", "NCE"], new(), options, files, null, TestContext.Current.CancellationToken).Count());
        Assert.Equal(["Small-CE-0.01-seed0", "Small-CE-0.1-seed0", "Small-NCE-0.01-seed0", "Small-NCE-0.1-seed0"], Runs().Select(run => run[..run.LastIndexOf('-')]).Order(StringComparer.Ordinal));
        foreach (var file in Directory.GetFiles(_folder, "*", SearchOption.AllDirectories))
            Assert.Equal(3, ReadRecords(File.ReadAllBytes(file)).Count);
    }

    [Fact]
    public void A_training_that_goes_on_finds_its_folder_and_another_does_not_mix_with_it()
    {
        using var checkpoints = new Formats.TemporaryFolder();
        var options = new TrainingOptions { StepCount = 40, HiddenUnit = [4], BatchSize = 8, LearningRate = [0.1], HistoryInterval = 2, Device = TestDevice.Name };
        using var source = new CancellationTokenSource();
        var files = new TrainingFiles { TensorBoardPath = _folder, CheckpointPath = checkpoints["run"], CheckpointEvery = 5, Saved = _ => source.Cancel() };
        Assert.Throws<OperationCanceledException>(() => Trainer.Train(SmallDataset.Create(), ["CE"], new(), options, files, null, source.Token).ToArray());
        var run = Assert.Single(Runs());
        Assert.Single(Trainer.Resume(SavedTraining.Open(checkpoints["run"]), SmallDataset.Create(), null, new(), null, TestContext.Current.CancellationToken));
        Assert.Equal(run, Assert.Single(Runs()));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(_folder, run)).Length);

        var wider = options with { HiddenUnit = [5] };
        Assert.Single(Trainer.Train(SmallDataset.Create(), ["CE"], new(), wider, new() { TensorBoardPath = _folder }, null, TestContext.Current.CancellationToken));
        Assert.Equal(2, Runs().Length);
    }

    private string[] Runs() => Array.ConvertAll(Directory.GetDirectories(_folder), run => Path.GetFileName(run)!);

    private static TrainingPlan Plan(int seed) => new()
    {
        Loss = ["CE"],
        LossOptions = new(),
        Training = new() { Seed = seed },
        Dataset = SmallDataset.Create().Identity,
    };

    private static List<byte[]> ReadRecords(byte[] file)
    {
        var records = new List<byte[]>();
        for (var at = 0; at < file.Length;)
        {
            var length = (int)BitConverter.ToUInt64(file, at);
            Assert.Equal(Mask(Crc32C(file.AsSpan(at, 8))), BitConverter.ToUInt32(file, at + 8));
            Assert.Equal(Mask(Crc32C(file.AsSpan(at + 12, length))), BitConverter.ToUInt32(file, at + 12 + length));
            records.Add(file.AsSpan(at + 12, length).ToArray());
            at += 16 + length;
        }

        return records;
    }

    private static uint Mask(uint crc) => unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8u);

    // Bit by bit, from the polynomial of Castagnoli.
    private static uint Crc32C(ReadOnlySpan<byte> data)
    {
        Assert.Equal(0xE3069283u, Compute("123456789"u8));
        return Compute(data);

        static uint Compute(ReadOnlySpan<byte> bytes)
        {
            var crc = uint.MaxValue;
            foreach (var value in bytes)
            {
                crc ^= value;
                for (var bit = 0; bit < 8; bit++)
                    crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x82F63B78u;
            }

            return ~crc;
        }
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Training;

/// <summary>
/// The history of a run as TensorBoard reads it: a file of records (length, masked CRC-32C of the length, data, masked CRC-32C of
/// the data), each a protocol buffer <c>Event</c> of tensorflow/core/util/event.proto. Each start of a run begins a file of its own,
/// which says from which step on earlier files no longer count.
/// </summary>
internal sealed class TensorBoardEvents : IDisposable
{
    private const uint MaskDelta = 0xa282ead8;

    // Fields of Event, Summary, Summary.Value and SessionLog.
    private const int EventTime = 1, EventStep = 2, EventVersion = 3, EventSummary = 5, EventSession = 7;
    private const int SummaryValue = 1, ValueTag = 1, ValueSimple = 2, SessionStatus = 1, SessionStart = 1;
    private const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    private readonly string _folder;
    private FileStream? _file;

    private TensorBoardEvents(string folder) => _folder = folder;

    /// <summary>
    /// Events of a run in a sub-folder of its own, so that no two runs mix; null where no folder is given. The sub-folder's name says what
    /// people tell runs by, and then what tells them apart for certain.
    /// </summary>
    /// <param name="path">The folder that TensorBoard is given; null for none.</param>
    /// <param name="plan">What is trained.</param>
    /// <param name="loss">The loss of the run.</param>
    /// <param name="learningRate">Its learning rate.</param>
    /// <exception cref="SlcException"><c>PathEmpty</c>, <c>PathInvalid</c>.</exception>
    public static TensorBoardEvents? Create(string? path, TrainingPlan plan, string loss, double learningRate)
    {
        if (path is null)
            return null;
        var dataset = string.Concat(plan.Dataset.Name.Select(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' ? letter : '_'));
        var name = string.Create(CultureInfo.InvariantCulture, $"{dataset}-{loss}-{learningRate}-seed{plan.Training.Seed}-{plan.RunId(loss, learningRate)}");
        return new(Path.Combine(LocalPath.Resolve(path, nameof(TrainingFiles.TensorBoardPath)), name));
    }

    /// <summary>Begins a file.</summary>
    /// <param name="step">The number of steps that were taken before.</param>
    /// <exception cref="SlcException"><c>NotWritable</c>, <c>DiskFull</c>.</exception>
    public void Begin(int step) => Guard(() =>
    {
        Directory.CreateDirectory(_folder);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var unique = Guid.NewGuid().ToString("N")[..8];
        var name = string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{now:d10}.{Environment.MachineName}.{Environment.ProcessId}.{unique}");
        _file = new(Path.Combine(_folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        Write(0, Field(EventVersion, "brain.Event:2"u8));
        if (step > 0)
            Write(step + 1, Field(EventSession, Field(SessionStatus, SessionStart)));
    });

    /// <summary>Adds a point of the history.</summary>
    /// <param name="point">The point.</param>
    /// <param name="learningRate">The learning rate of its step.</param>
    /// <exception cref="SlcException"><c>NotWritable</c>, <c>DiskFull</c>.</exception>
    public void Add(HistoryPoint point, double learningRate) => Guard(() =>
    {
        byte[] values = [.. Scalar("loss", point.Loss), .. Scalar("learning_rate", learningRate)];
        if (point.ValidationAccuracy is { } accuracy)
            values = [.. values, .. Scalar("validation/accuracy", accuracy)];
        if (point.ValidationAuprc is { } auprc)
            values = [.. values, .. Scalar("validation/auprc", auprc)];
        if (point.ValidationMargin is { } margin)
            values = [.. values, .. Scalar("validation/margin", margin)];
        if (point.CertifiedShare is { } certified)
            values = [.. values, .. Scalar("certified", certified)];
        Write(point.Step, Field(EventSummary, values));
    });

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            throw FileFailure.Writing(_folder, failure, "Choose another -TensorBoardPath.");
        }
    }

    private void Write(long step, byte[] what)
    {
        var time = BitConverter.DoubleToInt64Bits(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0);
        byte[] data = [.. Tag(EventTime, Fixed64), .. Little(8, (ulong)time), .. Field(EventStep, step), .. what];
        var length = Little(8, (ulong)data.Length);
        byte[] record = [.. length, .. Little(4, Checksum(length)), .. data, .. Little(4, Checksum(data))];
        _file!.Write(record);
        _file.Flush();
    }

    private static byte[] Scalar(string tag, double value) => Field(SummaryValue,
    [
        .. Field(ValueTag, Encoding.UTF8.GetBytes(tag)),
        .. Tag(ValueSimple, Fixed32), .. Little(4, BitConverter.SingleToUInt32Bits((float)value)),
    ]);

    private static byte[] Field(int number, ReadOnlySpan<byte> content) => [.. Tag(number, Bytes), .. Number((ulong)content.Length), .. content];

    private static byte[] Field(int number, long value) => [.. Tag(number, Varint), .. Number((ulong)value)];

    private static byte[] Tag(int number, int wire) => Number((ulong)((number << 3) | wire));

    private static byte[] Number(ulong value)
    {
        var bytes = new List<byte>();
        for (; value > 0x7f; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }

    private static byte[] Little(int size, ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes[..size];
    }

    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
            crc = BitOperations.Crc32C(crc, value);
        crc = ~crc;
        return unchecked(BitOperations.RotateRight(crc, 15) + MaskDelta);
    }
}

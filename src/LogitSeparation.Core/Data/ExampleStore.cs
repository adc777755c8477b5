namespace LogitSeparation.Core.Data;

/// <summary>
/// Labelled examples that are read by row: bytes or floats in memory, examples made when they are asked for, or pictures in files.
/// Shared by the splits of a data set; any number of threads may read.
/// </summary>
internal abstract class ExampleStore
{
    /// <summary>Describes the examples.</summary>
    /// <param name="exampleLength">The numbers of one example.</param>
    /// <param name="labels">n class indices.</param>
    protected ExampleStore(int exampleLength, int[] labels)
    {
        ExampleLength = exampleLength;
        Labels = labels;
    }

    /// <summary>The number of numbers of one example.</summary>
    public int ExampleLength { get; }

    /// <summary>The class index of each example.</summary>
    public int[] Labels { get; }

    public int Count => Labels.Length;

    /// <summary>What the numbers are.</summary>
    public abstract ExampleType Type { get; }

    /// <summary>The number of bytes of one example.</summary>
    public int ByteLength => checked(ExampleLength * (Type == ExampleType.Byte ? 1 : sizeof(float)));

    /// <summary>
    /// Whether reading is mere copying. Other examples are read ahead on several threads, batch by batch, and are never held all at once.
    /// </summary>
    public virtual bool IsInMemory => true;

    /// <summary>The scaling that is known without reading all examples; null where it is measured.</summary>
    public virtual PixelScaling? Scaling => null;

    /// <summary>Reads one example: the same numbers every time.</summary>
    /// <param name="row">0 … <see cref="Count"/> - 1.</param>
    /// <param name="destination">Room for <see cref="ByteLength"/> bytes, which are the numbers as they lie in memory.</param>
    /// <exception cref="SlcException">A file is not readable.</exception>
    public abstract void Read(int row, Span<byte> destination);

    /// <summary>Reads one example as training sees it: where pictures are cut out of larger ones, another part each time.</summary>
    /// <inheritdoc cref="Read"/>
    /// <param name="row">0 … <see cref="Count"/> - 1.</param>
    /// <param name="seed">Decides the part; the result depends on nothing else.</param>
    /// <param name="destination">Room for <see cref="ByteLength"/> bytes.</param>
    public virtual void ReadForTraining(int row, ulong seed, Span<byte> destination) => Read(row, destination);

    /// <summary>Reads consecutive examples.</summary>
    /// <param name="firstRow">The first one's row.</param>
    /// <param name="destination">Room for a whole number of examples.</param>
    public virtual void ReadMany(int firstRow, Span<byte> destination)
    {
        for (var row = firstRow; destination.Length > 0; row++)
        {
            Read(row, destination[..ByteLength]);
            destination = destination[ByteLength..];
        }
    }
}

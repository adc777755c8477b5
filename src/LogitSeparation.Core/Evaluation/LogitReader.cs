namespace LogitSeparation.Core.Evaluation;

/// <summary>Reads rows of an n x k table of logits. Not safe for use by several threads at once.</summary>
public abstract class LogitReader : IDisposable
{
    /// <summary>Copies consecutive rows as float32 (a float64 table is refused, since it would lose bits).</summary>
    /// <param name="firstRow">The first row.</param>
    /// <param name="destination">Room for a whole number of rows of k logits.</param>
    public abstract void Read(int firstRow, Span<float> destination);

    /// <summary>Copies consecutive rows as float64, exactly.</summary>
    /// <param name="firstRow">The first row.</param>
    /// <param name="destination">Room for a whole number of rows of k logits.</param>
    public abstract void Read(int firstRow, Span<double> destination);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the reader holds.</summary>
    /// <param name="disposing">True when called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}

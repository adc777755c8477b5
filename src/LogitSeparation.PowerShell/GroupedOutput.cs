using System.Diagnostics;
using System.Management.Automation;

namespace LogitSeparation.PowerShell;

/// <summary>
/// Writes results so that the best of them can be marked where that costs nobody time. A view is drawn row by row as objects come, so
/// a row can only be marked if the rows after it are known: results that come quickly are held back, and written together at the
/// end. Where they take long they are written as they come.
/// </summary>
/// <param name="cmdlet">The cmdlet.</param>
internal sealed class GroupedOutput(PSCmdlet cmdlet)
{
    /// <summary>The first result comes this soon where those before it in the pipeline have little to do.</summary>
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(2);

    /// <summary>No result is held back once the command has run for this long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ResultGroup _group = new();
    private readonly Queue<object> _held = [];
    private readonly Stopwatch _running = Stopwatch.StartNew();
    private bool _isStreaming;

    /// <summary>Writes a result, now or at the end.</summary>
    /// <param name="result">The result.</param>
    public void Write(object result)
    {
        var isFirst = _held.Count == 0;
        _group.Add(result);
        _held.Enqueue(result);
        _isStreaming |= _running.Elapsed > (isFirst ? Prompt : Patience);
        if (_isStreaming)
            Flush();
    }

    /// <summary>Writes what is held back, so that nothing is lost where an error ends the command.</summary>
    public void Flush()
    {
        while (_held.TryDequeue(out var result))
            cmdlet.WriteObject(result);
    }

    /// <summary>Says that no more will come, and writes what is held back.</summary>
    public void Complete()
    {
        _group.Complete();
        Flush();
    }
}

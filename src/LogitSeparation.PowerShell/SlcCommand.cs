using System.Management.Automation;
using LogitSeparation.Core;

namespace LogitSeparation.PowerShell;

/// <summary>What all cmdlets share: an error of the core becomes an error record, and Ctrl-C cancels what runs.</summary>
public abstract class SlcCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Cancelled when the pipeline is being stopped.</summary>
    protected CancellationToken Cancellation => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected sealed override void BeginProcessing() => Guard(Begin, isForAll: true);

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Guard(Process);

    /// <inheritdoc/>
    protected sealed override void StopProcessing()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Comes from another thread, and may come when the command has ended already.
        }
    }

    /// <summary>Called once, before there is input.</summary>
    protected virtual void Begin()
    {
    }

    /// <summary>Called for each input object, or once where none is piped.</summary>
    protected virtual void Process()
    {
    }

    /// <summary>Called before an error is written or thrown: what was made before it comes first.</summary>
    private protected virtual void BeforeError()
    {
    }

    /// <summary>Frees what the command holds; runs however the pipeline ends.</summary>
    /// <param name="disposing">True when called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _stop.Dispose();
    }

    /// <summary>Does a piece of work whose failure does not keep the command from the next one, unless it is for all input.</summary>
    private protected void Guard(Action work, bool isForAll = false)
    {
        try
        {
            work();
        }
        catch (SlcException error)
        {
            Report(error, isForAll);
        }
        catch (OperationCanceledException) when (Cancellation.IsCancellationRequested)
        {
            // The user stopped the pipeline and needs no message about it.
        }
        catch (Exception error) when (error.GetType().Assembly != typeof(PSCmdlet).Assembly)
        {
            // PowerShell's own exceptions are how it stops a pipeline; any other is a mistake of this module.
            BeforeError();
            var line = error.Message.Split('\n')[0].Trim();
            ThrowTerminatingError(new(
                new InvalidOperationException($"This should not have happened ({error.GetType().Name}): {line}", error),
                "InternalError", ErrorCategory.NotSpecified, null));
        }
    }

    /// <summary>
    /// Writes an error. A wrong parameter is wrong for all input, so it ends the command; anything else concerns this input only.
    /// </summary>
    private protected void Report(SlcException error) => Report(error, isForAll: false);

    private void Report(SlcException error, bool isForAll)
    {
        BeforeError();
        var record = new ErrorRecord(error, error.ErrorId, Category(error.Kind), error.Target);
        if (isForAll || error.Kind == SlcErrorKind.InvalidArgument)
            ThrowTerminatingError(record);
        WriteError(record);
    }

    private static ErrorCategory Category(SlcErrorKind kind) => kind switch
    {
        SlcErrorKind.InvalidArgument => ErrorCategory.InvalidArgument,
        SlcErrorKind.InvalidData => ErrorCategory.InvalidData,
        SlcErrorKind.NotFound => ErrorCategory.ObjectNotFound,
        SlcErrorKind.Unavailable => ErrorCategory.ResourceUnavailable,
        SlcErrorKind.WriteFailed => ErrorCategory.WriteError,
        SlcErrorKind.Diverged => ErrorCategory.InvalidResult,
        _ => ErrorCategory.NotSpecified,
    };
}

using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Sweeps;

/// <summary>A process that runs one trial, for which this process holds the claim until that one takes its place.</summary>
internal sealed class TrialProcess : IDisposable
{
    private const int KeptLines = 5;

    // libtorch, the mathematics library in it, and .NET each read their own.
    private static readonly string[] ThreadVariables = ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "DOTNET_PROCESSOR_COUNT"];

    private readonly Process _process;
    private readonly Queue<string> _errors = new();

    private TrialProcess(TrialFolder folder, Claim claim, Process process)
    {
        (Folder, Claim, _process) = (folder, claim, process);
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
    }

    /// <summary>The trial.</summary>
    public TrialFolder Folder { get; }

    /// <summary>The claim that the process was started with.</summary>
    public Claim Claim { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts a process.</summary>
    /// <param name="folder">The trial.</param>
    /// <param name="claim">Its claim.</param>
    /// <param name="start">What to start.</param>
    /// <param name="processCount">The number of processes that share the cores.</param>
    /// <exception cref="SlcException"><c>ProcessNotStarted</c>; the claim is released.</exception>
    public static TrialProcess Start(TrialFolder folder, Claim claim, ProcessStartInfo start, int processCount)
    {
        start.UseShellExecute = false;
        start.CreateNoWindow = true;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment[TrialRunner.ClaimVariable] = claim.Token;
        start.Environment[TrialPulse.StarterVariable] = FormattableString.Invariant($"{Environment.ProcessId} {ProcessIdentity.Current.Start}");
        foreach (var variable in ThreadVariables)
            start.Environment[variable] = ThreadCount(variable, processCount).ToString(CultureInfo.InvariantCulture);
        try
        {
            return new(folder, claim, Process.Start(start)!);
        }
        catch (Exception failure) when (failure is Win32Exception or InvalidOperationException || FileFailure.IsFileFailure(failure))
        {
            claim.Release();
            throw new SlcException("ProcessNotStarted", SlcErrorKind.Unavailable,
                $"'{start.FileName}' could not be started for a trial: {failure.Message} Leave out -ThrottleLimit to run trials in this process.", start.FileName, failure);
        }
    }

    /// <summary>The number of threads that each of several processes computes with.</summary>
    public static int ThreadCount(int processCount) => ThreadCount(ThreadVariables[0], processCount);

    /// <summary>Records the failure of a process that ended without saying how its trial did.</summary>
    public void Settle()
    {
        _process.WaitForExit();
        if (Claim.IsLost || Folder.IsDone || Folder.ReadClaim(Folder.NewestClaim()) is { IsReleased: true })
            return;
        string last;
        lock (_errors)
            last = _errors.Count == 0 ? "" : $" It said last: {string.Join(' ', _errors)}";
        TrialRunner.Fail(Folder, Claim, new SlcException("TrialProcessEnded", SlcErrorKind.Unavailable, FormattableString.Invariant(
            $"The process of the trial ended with exit code {_process.ExitCode} before the trial did.{last} Start the sweep again to go on with it."), Folder.Path));
    }

    /// <summary>Asks it to keep what was learnt and end.</summary>
    public void RequestStop()
    {
        try
        {
            File.WriteAllText(Folder.StopPath, "");
        }
        catch (Exception exception) when (FileFailure.IsFileFailure(exception))
        {
            // Then it is ended by force.
        }
    }

    /// <summary>Waits for its end, and enforces it where it does not come.</summary>
    public void End(TimeSpan patience)
    {
        if (_process.WaitForExit(patience))
            return;
        try
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // It ended this moment.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();

    private static int ThreadCount(string variable, int processCount)
    {
        var share = Math.Max(1, Environment.ProcessorCount / processCount);
        var asked = Environment.GetEnvironmentVariable(variable);
        return int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1 ? Math.Min(count, share) : share;
    }

    private void Keep(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (_errors)
        {
            _errors.Enqueue(line.Trim());
            if (_errors.Count > KeptLines)
                _errors.Dequeue();
        }
    }
}

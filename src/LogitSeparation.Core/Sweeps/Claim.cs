using System.Globalization;
using System.Text.Json;
using LogitSeparation.Core.Formats;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Sweeps;

/// <summary>
/// The right to run a trial. It is taken by creating a file exclusively: <c>claim</c>, and <c>claim.1</c>, <c>claim.2</c>, … where
/// the one before was released or its owner is no more. None is ever removed while it matters, so that of any number of processes
/// one takes it, however slow the others are.
/// </summary>
internal sealed class Claim
{
    private readonly TrialFolder _folder;
    private readonly int _number;
    private ClaimNote _note;

    private Claim(TrialFolder folder, int number, ClaimNote note)
    {
        (_folder, _number, _note) = (folder, number, note);
        Since = File.GetLastWriteTimeUtc(folder.ClaimPath(number));
    }

    /// <summary>What tells this claim from all others.</summary>
    public string Token => _note.Token;

    /// <summary>When the trial was taken, by the clock of the folder's file system.</summary>
    public DateTime Since { get; }

    /// <summary>Whether another has taken the trial since, having found this one silent.</summary>
    public bool IsLost => _folder.NewestClaim() != _number;

    /// <summary>Takes a trial that is free and not done; null where another has it or was faster.</summary>
    /// <exception cref="SlcException"><c>NotWritable</c>, <c>DiskFull</c>.</exception>
    public static Claim? TryTake(TrialFolder folder, ClaimWatch watch)
    {
        var number = folder.NewestClaim() + 1;
        if (folder.IsDone || !watch.IsFree(folder))
            return null;
        var note = new ClaimNote(Guid.NewGuid().ToString("N"), ProcessIdentity.Current, DateTimeOffset.UtcNow, IsReleased: false);
        if (!TryCreate(folder.ClaimPath(number), note))
            return null;
        var claim = new Claim(folder, number, note);

        // It may have been done since, or taken by others that were faster by more than one turn.
        if (!claim.IsLost && !folder.IsDone)
            return claim;
        File.Delete(folder.ClaimPath(number));
        return null;
    }

    /// <summary>Takes the place of the process that claimed a trial and started this one for it; null where the claim is not there any more.</summary>
    public static Claim? TryAdopt(TrialFolder folder, string token)
    {
        var number = folder.NewestClaim();
        if (number < 0 || folder.ReadClaim(number) is not { IsReleased: false } note || note.Token != token)
            return null;
        var claim = new Claim(folder, number, note with { Owner = ProcessIdentity.Current });
        claim.Write();
        return claim.IsLost ? null : claim;
    }

    /// <summary>Whether a file asks to stop what runs under this claim; one that is older was meant for those before.</summary>
    /// <param name="path">The file, in the trial's folder or the sweep's.</param>
    public bool IsStoppedBy(string path) => File.Exists(path) && File.GetLastWriteTimeUtc(path) >= Since;

    /// <summary>Shows that the owner is alive, and how far the trial is.</summary>
    /// <param name="beat">Changes each time.</param>
    /// <param name="status">For people, and for who started this process.</param>
    public void Beat(long beat, string status)
    {
        try
        {
            File.WriteAllText(_folder.HeartbeatPath, string.Create(CultureInfo.InvariantCulture, $"{Token} {beat}\n{status}\n"));
        }
        catch (Exception exception) when (FileFailure.IsFileFailure(exception))
        {
            // The next one may succeed; if none does for the whole span, others take the trial, and this claim is lost.
        }
    }

    /// <summary>Lets go.</summary>
    public void Release()
    {
        _note = _note with { IsReleased = true };
        Write();
    }

    /// <summary>Removes what has no meaning once the trial is done: the claims before this one, and what writers left that were killed.</summary>
    public void Tidy()
    {
        for (var number = 0; number < _number; number++)
            File.Delete(_folder.ClaimPath(number));
        File.Delete(_folder.HeartbeatPath);
        foreach (var torn in Directory.GetFiles(_folder.Path, ".*.tmp"))
            File.Delete(torn);
    }

    private void Write() => AtomicFile.Write(_folder.ClaimPath(_number), stream => JsonSerializer.Serialize(stream, _note, ModelFile.Json));

    private static bool TryCreate(string path, ClaimNote note)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            JsonSerializer.Serialize(stream, note, ModelFile.Json);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
        catch (Exception failure) when (FileFailure.IsFileFailure(failure))
        {
            throw FileFailure.Writing(path, failure, "Make the sweep's folder writable.");
        }
    }
}

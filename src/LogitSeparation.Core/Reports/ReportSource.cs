using System.Security.Cryptography;
using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Reports;

/// <summary>A file that logits of a report were read from.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Length">Its length in bytes when the report was made; null where it could not be read any more.</param>
/// <param name="Checksum">Its SHA-256 then, in hexadecimal.</param>
public sealed record ReportSource(string Path, long? Length, string? Checksum)
{
    /// <summary>The files of runs, each once, in order.</summary>
    /// <param name="runs">The runs.</param>
    public static IReadOnlyList<ReportSource> Of(IEnumerable<RunResult> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        return runs.Select(run => run.Source).OfType<string>().Distinct(StringComparer.Ordinal).Select(Read).ToArray();
    }

    /// <inheritdoc/>
    public override string ToString() => Length is { } length
        ? FormattableString.Invariant($"{Path}, {length} bytes, SHA-256 {Checksum}")
        : $"{Path}, which could not be read any more";

    private static ReportSource Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return new(path, file.Length, Convert.ToHexString(SHA256.HashData(file)).ToLowerInvariant());
        }
        catch (Exception exception) when (FileFailure.IsFileFailure(exception))
        {
            return new(path, null, null);
        }
    }
}

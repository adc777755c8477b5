using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Sweeps;

/// <summary>What happened to a trial: a JSON object a line, each with the time by the clock of who wrote it.</summary>
/// <param name="folder">The trial.</param>
internal sealed class TrialLog(TrialFolder folder)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Adds a line. A log that cannot be written ends no trial.</summary>
    /// <param name="what">A word, e.g. <c>started</c>.</param>
    /// <param name="details">What there is to say about it.</param>
    public void Add(string what, params (string Name, JsonNode? Value)[] details)
    {
        var line = new JsonObject { ["time"] = DateTime.UtcNow.ToString("O"), ["event"] = what };
        foreach (var (name, value) in details)
            line[name] = value;
        try
        {
            File.AppendAllText(folder.LogPath, line.ToJsonString(Readable) + "\n");
        }
        catch (Exception exception) when (FileFailure.IsFileFailure(exception))
        {
            // Nothing depends on it.
        }
    }
}

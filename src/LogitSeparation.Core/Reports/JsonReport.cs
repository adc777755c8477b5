using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LogitSeparation.Core.Reports;

/// <summary>A report as JSON: everything but the figures, under the names of the properties.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The document.</summary>
    public static string Write(Report report) =>
        JsonSerializer.Serialize(new { report.Title, report.Created, report.Version, report.Library, report.Machine, report.Source, report.Run }, Options) + "\n";
}

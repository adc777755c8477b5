using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LogitSeparation.Core.Models;

namespace LogitSeparation.Core.Indexing;

/// <summary>
/// What makes a model's features: SHA-256 over the trunk's kind, sizes and weights and the scaling of its inputs. Two models that differ in
/// their heads alone have the same features.
/// </summary>
internal static class TrunkChecksum
{
    private const string Prefix = "trunk.";
    private const string TrainingOnly = "trunk.auxiliary.head.";

    // A model never changes, and is asked many times.
    private static readonly ConditionalWeakTable<Model, string> Known = [];

    /// <summary>The checksum of a model's trunk, in lower-case hexadecimal digits.</summary>
    public static string Of(Model model) => Known.GetValue(model, Compute);

    private static string Compute(Model model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var network = model.Network;
        Append(hash, JsonSerializer.Serialize(new { network.Name, network.InputShape, network.HiddenUnit, network.Assembly?.Checksum, model.Scaling }));
        var weights = model.Weights.Where(weight => weight.Key.StartsWith(Prefix, StringComparison.Ordinal) && !weight.Key.StartsWith(TrainingOnly, StringComparison.Ordinal));
        foreach (var (name, weight) in weights.OrderBy(weight => weight.Key, StringComparer.Ordinal))
        {
            Append(hash, FormattableString.Invariant($"{name} {string.Join('x', weight.Shape)}"));
            hash.AppendData(MemoryMarshal.AsBytes(weight.Values.Span));
        }

        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }

    private static void Append(IncrementalHash hash, string text) => hash.AppendData(Encoding.UTF8.GetBytes($"{text}\n"));
}

using System.Management.Automation;
using LogitSeparation.Core;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Runtime;

namespace LogitSeparation.PowerShell;

/// <summary>The losses that a user asked for.</summary>
/// <param name="Names">Their names.</param>
/// <param name="Own">Those of them that are the user's own; null for none.</param>
internal sealed record LossNames(IReadOnlyList<string> Names, IReadOnlyList<UserLoss>? Own)
{
    private const string Unnamed = "Custom";

    private static readonly string[] Paper = [.. LossCatalog.All.Select(loss => loss.Name)];
    private static readonly string[] Known = [.. LossCatalog.Known.Select(loss => loss.Name)];

    /// <summary>The losses to compute with: wildcards stand for the paper's, and for others where they match none of those.</summary>
    /// <param name="arguments">What the user wrote.</param>
    /// <param name="assembly">The user's assembly; null for none.</param>
    public static LossNames Resolve(IEnumerable<LossArgument> arguments, AssemblyIdentity? assembly = null)
    {
        var own = new List<UserLoss>(assembly is null ? [] : UserLoss.FromAssembly(assembly));
        var known = Known.Concat(own.Select(loss => loss.Name)).ToArray();
        var names = new List<string>();
        foreach (var argument in arguments)
        {
            if (!argument.IsUsable)
            {
                throw new SlcException("LossInvalid", SlcErrorKind.InvalidArgument,
                    "-Loss has a table that is not one name with a script block. Write it as @{ Hinge = { param($logits, $labels) … } }.", argument);
            }

            var found = argument.Script is null ? Find(argument.Name ?? "", known) : [Add(own, argument)];
            names.AddRange(found.Except(names));
        }

        return new(names, own.Count > 0 ? own.ToArray() : null);
    }

    /// <summary>The losses to look at: wildcards stand for all.</summary>
    public static IReadOnlyList<string> ResolveAll(IEnumerable<string> patterns) => NamePattern.Resolve(patterns, Known, "loss", "UnknownLoss");

    private static IReadOnlyList<string> Find(string pattern, string[] known)
    {
        var isPattern = WildcardPattern.ContainsWildcardCharacters(pattern);
        if (!isPattern)
            return NamePattern.Resolve([pattern], known, "loss", "UnknownLoss");
        var wildcard = WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        return NamePattern.Resolve([pattern], Array.Exists(Paper, wildcard.IsMatch) ? Paper : known, "loss", "UnknownLoss");
    }

    private static string Add(List<UserLoss> own, LossArgument argument)
    {
        var name = argument.Name ?? Enumerable.Range(1, own.Count + 1).Select(i => i == 1 ? Unnamed : $"{Unnamed}{i}")
            .First(candidate => own.TrueForAll(loss => loss.Name != candidate));
        if (own.Exists(loss => loss.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new SlcException("LossNameTaken", SlcErrorKind.InvalidArgument,
                $"-Loss has two losses named '{name}', and results could not be told apart. Choose another name for one.", name);
        }

        own.Add(UserLoss.FromFunction(name, ScriptLoss.Create(name, argument.Script!)));
        return name;
    }
}

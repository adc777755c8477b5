using LogitSeparation.Core.Runtime;

namespace LogitSeparation.Core.Losses;

/// <summary>A loss of the user's own: a function of this process, or a class of an assembly.</summary>
public sealed class UserLoss
{
    private readonly Func<LossContext, Loss> _create;

    private UserLoss(string name, bool isFunction, Func<LossContext, Loss> create) => (Name, IsFunction, _create) = (name, isFunction, create);

    /// <summary>The name that it is known by in results.</summary>
    public string Name { get; }

    /// <summary>Whether it is a function, which nothing but this process can call.</summary>
    public bool IsFunction { get; }

    /// <summary>A loss that a function computes; it is called on the thread that trains or measures.</summary>
    /// <param name="name">What results are to call it.</param>
    /// <param name="function">The function.</param>
    /// <exception cref="SlcException"><c>LossNameTaken</c>, <c>InvalidLossName</c>.</exception>
    public static UserLoss FromFunction(string name, LossFunction function)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(function);
        RefuseTaken(name);
        if (name.Length == 0 || !name.All(letter => char.IsLetterOrDigit(letter) || letter is '_' or '-'))
        {
            throw new SlcException("InvalidLossName", SlcErrorKind.InvalidArgument,
                $"'{name}' cannot name a loss. Use letters, digits, _ and -, as it becomes part of files' names.", name);
        }

        return new(name, isFunction: true, _ => new FunctionLoss(name, function));
    }

    /// <summary>The losses of an assembly: its public classes that derive from TorchSharp's module of two tensors to one.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <exception cref="SlcException"><c>AssemblyNotLoaded</c>, <c>AssemblyInvalid</c>, <c>LossNameTaken</c>.</exception>
    public static IReadOnlyList<UserLoss> FromAssembly(AssemblyIdentity assembly) => Array.ConvertAll(ModuleLoss.Types(assembly), type =>
    {
        RefuseTaken(type.Name);
        return new UserLoss(type.Name, isFunction: false, context => new ModuleLoss(type, context));
    });

    /// <summary>The losses of these names as they are spelt, and with the options those of the assembly among them.</summary>
    /// <param name="names">The names.</param>
    /// <param name="options">The hyperparameters, with the functions among the losses.</param>
    /// <param name="assembly">The assembly that others come from; null for none.</param>
    /// <exception cref="SlcException"><c>UnknownLoss</c>, <c>AssemblyNotLoaded</c>, <c>AssemblyInvalid</c>.</exception>
    internal static (string[] Names, LossOptions Options) Resolve(IReadOnlyList<string> names, LossOptions options, AssemblyIdentity? assembly)
    {
        var isForeign = names.Any(name => LossCatalog.Known.All(info => info.Name != LossCatalog.Spell(name)) && options.FindOwn(name) is null);
        if (assembly is not null && isForeign)
            options = options with { Own = [.. options.Own ?? [], .. FromAssembly(assembly)] };
        return ([.. names.Select(name => LossCatalog.Find(name, options).Name)], options);
    }

    /// <summary>The assembly, where the network is to come from it: not where it has losses that are asked for and no network.</summary>
    internal static AssemblyIdentity? NetworkAssembly(AssemblyIdentity? assembly, LossOptions options) =>
        assembly is not null && (options.Own ?? []).Any(loss => !loss.IsFunction) && Networks.NetworkCatalog.OwnNames(assembly).Count == 0 ? null : assembly;

    /// <summary>What a user should know of it.</summary>
    internal LossInfo Info => new(Name, Name, IsFunction ? "a function" : "a class of an assembly", "the user's own", Aligned: false, [], LossOrigin.User);

    internal Loss Create(LossContext context) => _create(context);

    private static void RefuseTaken(string name)
    {
        if (LossCatalog.Known.Any(info => info.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new SlcException("LossNameTaken", SlcErrorKind.InvalidArgument,
                $"'{name}' is a loss of this module, so that results of another would be taken for its. Choose another name.", name);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

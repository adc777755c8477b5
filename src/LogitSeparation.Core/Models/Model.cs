using LogitSeparation.Core.Data;
using LogitSeparation.Core.Losses;
using LogitSeparation.Core.Networks;

namespace LogitSeparation.Core.Models;

/// <summary>
/// A trained network, its weights and everything that says how it came about. Holds no native memory: it may be kept,
/// copied between runspaces and forgotten like any other object.
/// </summary>
public sealed class Model
{
    /// <summary>What the names of a loss's own parameters begin with.</summary>
    internal const string LossPrefix = "loss.";

    private Dictionary<string, int>? _rows;
    private Dictionary<string, KeptThreshold> _kept = new(StringComparer.Ordinal);
    private KeptThreshold? _keptForOthers;

    internal Model(NetworkSpec network, IReadOnlyDictionary<string, Weight> weights)
    {
        Network = network;
        Weights = weights;
    }

    /// <summary>The network's kind and sizes.</summary>
    public NetworkSpec Network { get; }

    /// <summary>
    /// The weights by name: <c>head.weight</c> (k x d), <c>head.bias</c> (k), <c>trunk.*</c>, and <c>loss.*</c> where the loss has
    /// parameters of its own. Those are no part of the network: its logits are what the head gives.
    /// </summary>
    public IReadOnlyDictionary<string, Weight> Weights { get; }

    /// <summary>The loss's own parameters as they were trained, by their names among the weights; empty for most losses.</summary>
    public IReadOnlyDictionary<string, Weight> LossWeights =>
        Weights.Where(weight => weight.Key.StartsWith(LossPrefix, StringComparison.Ordinal)).ToDictionary(weight => weight.Key, weight => weight.Value);

    /// <summary>The loss that it was trained with.</summary>
    public required string Loss { get; init; }

    /// <summary>The hyperparameters of the losses.</summary>
    public required LossOptions LossOptions { get; init; }

    /// <summary>How it was trained; the learning rate is the one that was kept.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>What it was trained on.</summary>
    public required DatasetIdentity DatasetIdentity { get; init; }

    /// <summary>The name of the data set that it was trained on.</summary>
    public string Dataset => DatasetIdentity.Name;

    /// <summary>The names of the classes; a row of the head is an index into this list.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>How bytes become network inputs.</summary>
    public required PixelScaling Scaling { get; init; }

    /// <summary>The number of threads that libtorch used; together with the seed and the kind of processor it decides the bits.</summary>
    public required int ThreadCount { get; init; }

    /// <summary>The learning rate that the model was trained with.</summary>
    public double LearningRate => Training.LearningRate[0];

    /// <summary>What else it was trained with.</summary>
    internal RunSetting Setting => RunSetting.Of(Training, Loss, LossOptions);

    /// <summary>The number of steps taken.</summary>
    public int Step => Training.StepCount;

    /// <summary>Loss and validation accuracy during training.</summary>
    public required IReadOnlyList<HistoryPoint> History { get; init; }

    /// <summary>The accuracy on the validation split at the end; null where there is none.</summary>
    public double? ValidationAccuracy => History.Count > 0 ? History[^1].ValidationAccuracy : null;

    /// <summary>The mean average precision of single logits on the validation split at the end; null where it was not measured.</summary>
    public double? ValidationAuprc => History.Count > 0 ? History[^1].ValidationAuprc : null;

    /// <summary>The time that the training took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The version of this software that trained it.</summary>
    public required string Version { get; init; }

    /// <summary>The thresholds that it carries, saved with it: at most one a class, and one for all others.</summary>
    public IReadOnlyList<KeptThreshold> Threshold { get; private set; } = Array.Empty<KeptThreshold>();

    /// <summary>The classes that it got after its training, in the order of their adding.</summary>
    public IReadOnlyList<AddedClass> AddedClass { get; internal init; } = Array.Empty<AddedClass>();

    /// <summary>The data set itself, while it is at hand; not saved.</summary>
    internal Dataset? AttachedDataset { get; set; }

    /// <summary>The number of features that the trunk makes of an example, d: columns of the head.</summary>
    public int FeatureCount => Weights.TryGetValue("head.weight", out var head) && head.Shape.Count == 2 ? head.Shape[1] : 0;

    /// <summary>The index of a class.</summary>
    /// <param name="name">Its name, whatever its case; an exact match goes first.</param>
    /// <exception cref="SlcException"><c>UnknownClass</c>, with the nearest name.</exception>
    public int FindClass(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        _rows ??= FirstRows();
        if (_rows.TryGetValue(name, out var row))
            return row;
        for (var j = 0; j < ClassNames.Count; j++)
        {
            if (ClassNames[j].Equals(name, StringComparison.OrdinalIgnoreCase))
                return j;
        }

        throw new SlcException("UnknownClass", SlcErrorKind.NotFound,
            $"The model has no class '{name}'.{NearestName.Suggest(name, ClassNames)} It has {ClassNames.Count}: " +
            $"{string.Join(", ", ClassNames.Take(20))}{(ClassNames.Count > 20 ? ", …" : "")}.", name);
    }

    /// <summary>The threshold that the model carries for a class: its own, or that of all classes; null where there is neither.</summary>
    /// <param name="name">The class's name as the model has it.</param>
    public double? FindThreshold(string name) => (FindKept(name) ?? _keptForOthers)?.Threshold;

    /// <summary>What the model carries for a class of its own: its threshold, and with it what its logit says in probabilities.</summary>
    /// <param name="name">The class's name as the model has it.</param>
    public KeptThreshold? FindKept(string name) => _kept.GetValueOrDefault(name);

    /// <summary>Lets the model carry thresholds, in place of those that it has for the same classes.</summary>
    /// <param name="thresholds">The thresholds; of several for a class the last.</param>
    /// <exception cref="SlcException"><c>UnknownClass</c>, <c>InvalidThreshold</c> where one is NaN; then none is taken.</exception>
    public void Keep(IEnumerable<KeptThreshold> thresholds)
    {
        ArgumentNullException.ThrowIfNull(thresholds);
        var all = Threshold.ToList();
        foreach (var item in thresholds)
        {
            if (double.IsNaN(item.Threshold))
                throw new SlcException("InvalidThreshold", SlcErrorKind.InvalidArgument, $"The threshold of {item.Class ?? "all classes"} is NaN, which no logit exceeds.", item);
            all.Add(item.Class is null ? item : item with { Class = ClassNames[FindClass(item.Class)] });
        }

        var kept = all.AsEnumerable().Reverse().DistinctBy(item => item.Class).Reverse().ToArray();
        _kept = kept.Where(item => item.Class is not null).ToDictionary(item => item.Class!, StringComparer.Ordinal);
        _keptForOthers = kept.FirstOrDefault(item => item.Class is null);
        Threshold = kept;
    }

    /// <summary>The data set that it was trained on: the one at hand, or opened again as it was.</summary>
    /// <param name="noDownload">Whether a data set that is not on this machine is an error rather than downloaded.</param>
    /// <param name="progress">Called on the calling thread while downloading; may be null.</param>
    /// <param name="cancellation">Stops within a moment.</param>
    /// <exception cref="SlcException"><c>DatasetChanged</c>, <c>DatasetNotFound</c>, and those of <see cref="DatasetCatalog.Open"/>.</exception>
    public Dataset OpenDataset(bool noDownload, Action<DownloadProgress>? progress, CancellationToken cancellation) =>
        AttachedDataset ?? DatasetCatalog.Reopen(DatasetIdentity, noDownload, progress, cancellation);

    /// <summary>The same model with another head, whose rows are those of other classes; it carries no thresholds yet.</summary>
    /// <param name="classNames">The classes.</param>
    /// <param name="weight">k x d numbers.</param>
    /// <param name="bias">k numbers.</param>
    /// <param name="added">Those of the classes that were added after the training.</param>
    internal Model WithHead(IReadOnlyList<string> classNames, float[] weight, float[] bias, IReadOnlyList<AddedClass> added)
    {
        var k = classNames.Count;
        var weights = new SortedDictionary<string, Weight>(Weights.ToDictionary(item => item.Key, item => item.Value), StringComparer.Ordinal)
        {
            ["head.weight"] = new(new[] { k, FeatureCount }, weight),
            ["head.bias"] = new(new[] { k }, bias),
        };
        return new(Network with { ClassCount = k }, weights)
        {
            Loss = Loss,
            LossOptions = LossOptions,
            Training = Training,
            DatasetIdentity = DatasetIdentity,
            ClassNames = classNames.ToArray(),
            Scaling = Scaling,
            ThreadCount = ThreadCount,
            History = History,
            Duration = Duration,
            Version = Version,
            AddedClass = added.ToArray(),
            AttachedDataset = AttachedDataset,
        };
    }

    private Dictionary<string, int> FirstRows()
    {
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var j = 0; j < ClassNames.Count; j++)
            rows.TryAdd(ClassNames[j], j);
        return rows;
    }

    /// <summary>Refuses weights that are not those of the network.</summary>
    /// <exception cref="SlcException"><c>ModelWeightMissing</c>, <c>ModelWeightShape</c>.</exception>
    internal void CheckWeights()
    {
        using var parameters = new ParameterBuffer();
        using var trunk = NetworkCatalog.CreateTrunk(Network, parameters, seed: 0);
        _ = new Head(trunk.FeatureCount, Network.ClassCount, parameters, seed: 0);
        foreach (var parameter in parameters.Parameters)
            GetWeight(parameter.Name, parameter.Shape);
        foreach (var statistic in trunk.Statistics)
            GetWeight(statistic.Name, statistic.Shape);
        using var loss = LossCatalog.CreateKnown(Loss, new(LossOptions, new int[Network.ClassCount], Training.Seed));
        foreach (var parameter in loss?.Parameters ?? [])
            GetWeight(parameter.Name, parameter.Shape);
    }

    /// <summary>One of the weights, if it has the shape that the network needs.</summary>
    /// <exception cref="SlcException"><c>ModelWeightMissing</c>, <c>ModelWeightShape</c>.</exception>
    internal Weight GetWeight(string name, IReadOnlyList<int> shape)
    {
        if (!Weights.TryGetValue(name, out var weight))
        {
            throw new SlcException("ModelWeightMissing", SlcErrorKind.InvalidData,
                $"The model has no weight '{name}', which its network needs. It has: {string.Join(", ", Weights.Keys)}.", name);
        }

        return weight.Shape.SequenceEqual(shape) ? weight : throw new SlcException("ModelWeightShape", SlcErrorKind.InvalidData,
            $"The weight '{name}' is {string.Join(" x ", weight.Shape)}, but the network needs {string.Join(" x ", shape)}.", name);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Network.Name} {Loss} on {Dataset}";
}

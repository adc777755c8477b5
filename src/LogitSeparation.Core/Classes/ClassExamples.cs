using LogitSeparation.Core.Data;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Classes;

/// <summary>The features of a class's examples and of those it is to be told from.</summary>
internal sealed class ClassExamples : IDisposable
{
    private readonly Model _model;
    private readonly string _name;
    private readonly Dataset _dataset;
    private readonly Dataset _negatives;
    private readonly int _class;
    private readonly ClassAdditionOptions _options;
    private readonly torch.Device _device;
    private readonly CancellationToken _cancellation;
    private readonly TrainedTrunk _trunk;

    /// <summary>Looks for them; nothing is computed yet.</summary>
    /// <exception cref="SlcException"><c>ClassExists</c>, <c>UnknownClass</c>, <c>NoExamples</c>, <c>NoHeldOutExamples</c>, <c>ExampleShapeMismatch</c>.</exception>
    public ClassExamples(
        Model model, string name, Dataset dataset, ClassAdditionOptions options, torch.Device device, CancellationToken cancellation)
    {
        (_model, _name, _dataset, _options, _device, _cancellation) = (model, name, dataset, options, device, cancellation);
        if (model.ClassNames.Contains(name))
        {
            throw new SlcException("ClassExists", SlcErrorKind.InvalidArgument,
                $"The model has a class '{name}' already. Remove it first (Remove-SlcClass), or add one of another name.", name);
        }

        _class = dataset.ClassNames.ToList().IndexOf(name);
        if (_class < 0)
        {
            throw new SlcException("UnknownClass", SlcErrorKind.NotFound,
                $"{dataset.Name} has no class '{name}'.{NearestName.Suggest(name, dataset.ClassNames)} Give the data set that has its examples.", name);
        }

        Require(Split.Train, "NoExamples", "to train on");
        Require(Split.Validation, "NoHeldOutExamples", "to choose its threshold on: hold some out with -ValidationCount of Get-SlcDataset");
        _negatives = options.Negatives
            ?? (dataset.ClassCount > 1 ? dataset : model.OpenDataset(noDownload: true, progress: null, cancellation));
        FeatureReader.CheckShape(model, dataset);
        FeatureReader.CheckShape(model, _negatives);
        var known = model.ClassNames.Select((other, row) => (other, row)).DistinctBy(item => item.other, StringComparer.Ordinal).ToDictionary(item => item.other, item => item.row, StringComparer.Ordinal);
        RowsOfNegatives = [.. _negatives.ClassNames.Select(other => known.GetValueOrDefault(other, -1))];
        _trunk = TorchFailure.Guard(device.ToString(), () => new TrainedTrunk(model, device));
    }

    /// <summary>For each label of an example that is not of the class, the row of the model's head that is its own; -1 where there is none.</summary>
    public int[] RowsOfNegatives { get; }

    /// <summary>The multiplications with an addition that the trunk did so far.</summary>
    public long MultiplyAddCount => _trunk.MultiplyAddCount;

    /// <summary>
    /// The features of a split, and which of them are of the class, which come first; the labels of the others are those of their data set.
    /// Where a table cannot hold all (<see cref="FeatureTable.MostNumbers"/>), every second, third, … of each kind is taken, so that the class's
    /// share stays what it is.
    /// </summary>
    /// <exception cref="SlcException"><c>NoNegatives</c>, <c>OutOfMemory</c>, <c>TorchFailed</c>.</exception>
    public (FeatureTable Features, bool[] IsPositive) Read(Split split)
    {
        var own = split == Split.Train && _options.ExampleCount is { } count ? Choose(count) : null;
        var (data, others) = (_dataset[split], _negatives[split]);
        var same = _negatives.ClassNames.ToList().IndexOf(_name);
        var positives = RowsWhere(data, (row, label) => label == _class && (own is null || own.Contains(row)));
        var negatives = RowsWhere(others, (_, label) => label != same);
        if (negatives.Length == 0 && split != Split.Test)
        {
            throw new SlcException("NoNegatives", SlcErrorKind.InvalidData,
                $"{_negatives.Name} has no examples of other classes than '{_name}' in its {split} split, which it is to be told from. Give a data set that has with -NegativeDataset.", _name);
        }

        (positives, negatives) = Thin(positives, negatives, _model.FeatureCount, FeatureTable.MostNumbers);
        var isPositive = new bool[positives.Length + negatives.Length];
        isPositive.AsSpan(0, positives.Length).Fill(true);
        return (FeatureTable.Compute(_trunk, _model, [(data, positives), (others, negatives)], _device, _cancellation), isPositive);
    }

    /// <inheritdoc/>
    public void Dispose() => _trunk.Dispose();

    /// <summary>Takes every so many of two kinds, the same for both, that their features do not exceed a number.</summary>
    internal static (int[] Positives, int[] Negatives) Thin(int[] positives, int[] negatives, int d, long mostNumbers)
    {
        var stride = (int)(((((long)positives.Length + negatives.Length) * d) + mostNumbers - 1) / mostNumbers);
        int[] Take(int[] rows) => stride <= 1 ? rows : [.. rows.Where((_, i) => i % stride == 0)];
        return (Take(positives), Take(negatives));
    }

    private static int[] RowsWhere(DataSplit data, Func<int, int, bool> isWanted)
    {
        var labels = data.Labels.ToArray();
        return [.. Enumerable.Range(0, labels.Length).Where(row => isWanted(row, labels[row]))];
    }

    private HashSet<int> Choose(int count)
    {
        var labels = _dataset.Train.Labels.ToArray();
        var all = Enumerable.Range(0, labels.Length).Where(i => labels[i] == _class).ToArray();
        if (count > all.Length)
        {
            throw new SlcException("InvalidExampleCount", SlcErrorKind.InvalidArgument,
                $"-ExampleCount is {count}, but {_dataset.Name} has {all.Length} training examples of '{_name}'.", nameof(ClassAdditionOptions.ExampleCount));
        }

        var random = new SplitMix64(StreamSeed.Derive(_options.Seed, StreamSeed.AddedExamples, 0));
        for (var i = 0; i < count; i++)
        {
            var j = i + random.Next(all.Length - i);
            (all[i], all[j]) = (all[j], all[i]);
        }

        return [.. all.Take(count)];
    }

    private void Require(Split split, string errorId, string purpose)
    {
        if (!_dataset[split].Labels.ToArray().Contains(_class))
        {
            throw new SlcException(errorId, SlcErrorKind.InvalidData,
                $"{_dataset.Name} has no example of '{_name}' in its {split} split {purpose}.", _name);
        }
    }
}

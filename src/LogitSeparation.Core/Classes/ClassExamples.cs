using LogitSeparation.Core.Data;
using LogitSeparation.Core.Models;
using TorchSharp;

namespace LogitSeparation.Core.Classes;

/// <summary>The features of a class's examples and of those it is to be told from.</summary>
internal sealed class ClassExamples
{
    private readonly Model _model;
    private readonly string _name;
    private readonly Dataset _dataset;
    private readonly Dataset _negatives;
    private readonly int _class;
    private readonly ClassAdditionOptions _options;
    private readonly torch.Device _device;
    private readonly CancellationToken _cancellation;

    /// <summary>Looks for them; nothing is computed yet.</summary>
    /// <exception cref="SlcException"><c>ClassExists</c>, <c>UnknownClass</c>, <c>NoExamples</c>, <c>NoHeldOutExamples</c>.</exception>
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
        RowsOfNegatives = [.. _negatives.ClassNames.Select(other => model.ClassNames.ToList().IndexOf(other))];
    }

    /// <summary>For each label of an example that is not of the class, the row of the model's head that is its own; -1 where there is none.</summary>
    public int[] RowsOfNegatives { get; }

    /// <summary>The features of a split, and which of them are of the class; the labels of the others are those of their data set.</summary>
    /// <exception cref="SlcException"><c>NoNegatives</c>, <c>ExampleShapeMismatch</c>, <c>OutOfMemory</c>, <c>TorchFailed</c>.</exception>
    public (FeatureTable Features, bool[] IsPositive) Read(Split split)
    {
        var own = split == Split.Train && _options.ExampleCount is { } count ? Choose(count) : null;
        var positives = FeatureTable.Compute(
            _model, _dataset, split, (i, label) => label == _class && (own is null || own.Contains(i)), _device, _cancellation);
        var negatives = FeatureTable.Compute(
            _model, _negatives, split, (_, label) => _negatives.ClassNames[label] != _name, _device, _cancellation);
        if (negatives.Count == 0 && split != Split.Test)
        {
            throw new SlcException("NoNegatives", SlcErrorKind.InvalidData,
                $"{_negatives.Name} has no examples of other classes than '{_name}' in its {split} split, which it is to be told from. Give a data set that has with -NegativeDataset.", _name);
        }

        var isPositive = new bool[positives.Count + negatives.Count];
        isPositive.AsSpan(0, positives.Count).Fill(true);
        return (positives.Append(negatives), isPositive);
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

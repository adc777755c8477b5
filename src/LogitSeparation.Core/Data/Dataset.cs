namespace LogitSeparation.Core.Data;

/// <summary>
/// Labelled examples in three fixed splits: in memory as the bytes or floats that the files hold, or read when they are needed. They
/// become network inputs only on the device that computes with them, by <see cref="Scaling"/>.
/// </summary>
public sealed class Dataset
{
    internal Dataset(
        DatasetIdentity identity, IReadOnlyList<string> classNames, IReadOnlyList<int> exampleShape, PixelScaling scaling,
        DataSplit train, DataSplit validation, DataSplit test)
    {
        Identity = identity;
        ClassNames = classNames;
        ExampleShape = exampleShape;
        Scaling = scaling;
        Train = train;
        Validation = validation;
        Test = test;
    }

    /// <summary>What distinguishes this data set, with its splits, from every other; kept in models trained on it.</summary>
    public DatasetIdentity Identity { get; }

    /// <summary>The data set's name, e.g. <c>MNIST</c>.</summary>
    public string Name => Identity.Name;

    /// <summary>The folder or files that it was read from; null for a data set that the module carries in itself.</summary>
    public string? Path => Identity.Path;

    /// <summary>One name for each class; a label is an index into this list.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The number of classes, k.</summary>
    public int ClassCount => ClassNames.Count;

    /// <summary>The shape of one example: channels, height, width; or the number of features alone.</summary>
    public IReadOnlyList<int> ExampleShape { get; }

    /// <summary>How the numbers of an example become network inputs.</summary>
    public PixelScaling Scaling { get; }

    /// <summary>What should be known of how the files were taken, e.g. that they are a part of the data set; null where there is nothing to say.</summary>
    public string? Note { get; internal init; }

    /// <summary>The training split, without the validation examples.</summary>
    public DataSplit Train { get; }

    /// <summary>The validation split, held out of the training examples, with the same share of each class.</summary>
    public DataSplit Validation { get; }

    /// <summary>The test split, the same whatever the seed.</summary>
    public DataSplit Test { get; }

    /// <summary>The split of that name.</summary>
    /// <param name="split">Which one.</param>
    public DataSplit this[Split split] => split switch
    {
        Split.Train => Train,
        Split.Validation => Validation,
        _ => Test,
    };

    /// <inheritdoc/>
    public override string ToString() => Name;
}

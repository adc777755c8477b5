using System.Text.Json.Serialization;

namespace LogitSeparation.Core.Data;

/// <summary>
/// What is needed to open the same data set with the same splits again, and to notice that it is another. Plain values,
/// as they stand in a saved model's metadata.
/// </summary>
/// <param name="Name">The catalogue name (<c>MNIST</c>), or a name made from the files.</param>
/// <param name="Path">The folder, or the file of images, that it was read from; null for an embedded data set.</param>
/// <param name="Checksum">
/// SHA-256 (lower-case hex) over all numbers and labels in file order, training before test; of pictures that stay in their files over
/// their names, lengths and labels; of a synthetic data set over what it is made of.
/// </param>
/// <param name="Seed">The seed of the validation split.</param>
/// <param name="ValidationCount">The number of validation examples.</param>
public sealed record DatasetIdentity(string Name, string? Path, string Checksum, int Seed, int ValidationCount)
{
    /// <summary>The file of labels, where <see cref="Path"/> is a file of images; null otherwise.</summary>
    public string? LabelPath { get; init; }

    /// <summary>The file of test images, where the test set has files of its own beside <see cref="Path"/>; null otherwise.</summary>
    public string? TestPath { get; init; }

    /// <summary>The file of test labels, where the test set has files of its own beside <see cref="Path"/>; null otherwise.</summary>
    public string? TestLabelPath { get; init; }

    /// <summary>Whether the labels of CIFAR100 are the twenty coarse ones.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool CoarseLabel { get; init; }

    /// <summary>Whether the extra examples of SVHN belong to the training set.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Extra { get; init; }

    /// <summary>The columns and rows that pictures are scaled to, where that was chosen; null otherwise.</summary>
    public int? Size { get; init; }

    /// <summary>Whether pictures stay in their files although they would fit in memory.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Stream { get; init; }

    /// <summary>The column of labels of a .csv file, where it was chosen; null otherwise.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>What a synthetic data set is made of; null for any other.</summary>
    public SyntheticOptions? Synthetic { get; init; }

    /// <summary>The number of test examples taken out of a single pair of files; null where the test set has its own.</summary>
    public int? TestCount { get; init; }

    /// <summary>The same without name and paths: what it is, wherever it lies and whatever it is called.</summary>
    internal DatasetIdentity WithoutPlace() => WithPlace(new("", null, "", 0, 0));

    /// <summary>The same with the name and the paths of another, which has the same content.</summary>
    internal DatasetIdentity WithPlace(DatasetIdentity other) => this with
    {
        Name = other.Name,
        Path = other.Path,
        LabelPath = other.LabelPath,
        TestPath = other.TestPath,
        TestLabelPath = other.TestLabelPath,
    };
}

namespace LogitSeparation.Core.Data;

/// <summary>
/// Which data set to open, and how to split it. With neither name nor path: Digits. With a name: that data set, searched
/// for, or taken from <see cref="Path"/>. With a path alone: the folder's four files in MNIST's naming, or one pair of IDX
/// files, or two pairs (training and test).
/// </summary>
public sealed record DatasetRequest
{
    /// <summary>
    /// A catalogue name in any case; with <see cref="Path"/>, any name that the data set shall bear; a known name only for that data set.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// A folder with four IDX files named as MNIST's are, or the IDX file of the (training) images: n x features,
    /// n x height x width, or n x channels x height x width unsigned bytes, raw or gzip.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>
    /// The IDX file of the labels that belong to the images at <see cref="Path"/>; not needed where it bears the same name
    /// with <c>labels-idx1</c> for <c>images-idx3</c>.
    /// </summary>
    public string? LabelPath { get; init; }

    /// <summary>The IDX file of the test images; without it, <see cref="TestCount"/> examples are taken out of the only pair.</summary>
    public string? TestPath { get; init; }

    /// <summary>The IDX file of the test labels; found by its name as <see cref="LabelPath"/> is.</summary>
    public string? TestLabelPath { get; init; }

    /// <summary>
    /// The number of test examples taken out of a single pair, stratified, the same whatever the seed; null for a fifth, rounded down.
    /// At least 1, and at most the number of examples less the number of classes.
    /// </summary>
    public int? TestCount { get; init; }

    /// <summary>
    /// The number of validation examples taken out of the training set, stratified; null for a tenth, rounded down. 0 up to the number of
    /// training examples less the number of classes, so that every class is left in training.
    /// </summary>
    public int? ValidationCount { get; init; }

    /// <summary>Decides which training examples are held out for validation.</summary>
    public int Seed { get; init; }

    /// <summary>Whether a data set that is not on this machine is an error rather than downloaded.</summary>
    public bool NoDownload { get; init; }
}

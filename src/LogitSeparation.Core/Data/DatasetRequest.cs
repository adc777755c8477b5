namespace LogitSeparation.Core.Data;

/// <summary>
/// Which data set to open, and how to split it. With neither name nor path: Digits. With a name: that data set, searched
/// for, or taken from <see cref="Path"/>. With a path alone: a folder in the layout of one of the known data sets, or of pictures in one
/// sub-folder a class; an archive of CIFAR; or a file of images or features, and perhaps another for testing.
/// </summary>
public sealed record DatasetRequest
{
    private const string SyntheticParameters = "ClassCount, -Dimension, -Separation, -Noise or -TrainCount";

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

    /// <summary>For CIFAR100: whether to use the twenty coarse labels instead of the hundred fine ones.</summary>
    public bool CoarseLabel { get; init; }

    /// <summary>For SVHN: whether to add the extra examples to the training set.</summary>
    public bool Extra { get; init; }

    /// <summary>For pictures: how many columns and rows they shall have; null for those that they have, or the data set's usual ones.</summary>
    public int? Size { get; init; }

    /// <summary>For a folder of pictures: whether to decode them whenever they are needed, each time another part in training.</summary>
    public bool Stream { get; init; }

    /// <summary>For a .csv file: the column of labels; null for the one named label, class, target or y, or else the last.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>For Synthetic: what it is made of; null for the usual.</summary>
    public SyntheticOptions? Synthetic { get; init; }

    /// <summary>
    /// The number of validation examples taken out of the training set, stratified; null for a tenth, rounded down. 0 up to the number of
    /// training examples less the number of classes, so that every class is left in training.
    /// </summary>
    public int? ValidationCount { get; init; }

    /// <summary>Decides which training examples are held out for validation; of a synthetic data set also its classes and examples.</summary>
    public int Seed { get; init; }

    /// <summary>Whether a data set that is not on this machine is an error rather than downloaded.</summary>
    public bool NoDownload { get; init; }

    /// <summary>The parameters that only some data sets know and that are given here, with their names.</summary>
    internal IEnumerable<string> SpecialParameters() => new (string Name, bool IsGiven)[]
    {
        (nameof(LabelPath), LabelPath is not null), (nameof(TestPath), TestPath is not null), (nameof(TestLabelPath), TestLabelPath is not null),
        (nameof(TestCount), TestCount is not null), (nameof(CoarseLabel), CoarseLabel), (nameof(Extra), Extra), (nameof(Size), Size is not null),
        (nameof(Stream), Stream), (nameof(LabelColumn), LabelColumn is not null), (nameof(Synthetic), Synthetic is not null),
    }.Where(parameter => parameter.IsGiven).Select(parameter => parameter.Name);

    /// <summary>Refuses what is given and would not be looked at.</summary>
    /// <param name="used">The special parameters that have a meaning here.</param>
    /// <param name="subject">What knows no others, for the message.</param>
    /// <exception cref="SlcException"><c>DatasetParameterUnused</c>.</exception>
    internal void RefuseOthers(IReadOnlyList<string> used, string subject)
    {
        var unused = SpecialParameters().FirstOrDefault(name => !used.Contains(name));
        RefuseUnused(unused, unused == nameof(Synthetic) ? SyntheticParameters : unused ?? "", $"{subject} does not know it");
    }

    /// <summary>Refuses a parameter that is given and would not be looked at.</summary>
    /// <exception cref="SlcException"><c>DatasetParameterUnused</c>.</exception>
    internal static void RefuseUnused(object? value, string parameter, string reason)
    {
        if (value is not null)
        {
            throw new SlcException("DatasetParameterUnused", SlcErrorKind.InvalidArgument,
                $"-{parameter} has no use here: {reason}.", parameter);
        }
    }
}

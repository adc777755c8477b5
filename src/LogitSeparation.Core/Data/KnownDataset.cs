using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Data;

/// <summary>A file that is part of a known data set.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Sha256">Their SHA-256, lower-case hex.</param>
internal sealed record KnownFile(string Name, long Length, string Sha256)
{
    /// <summary>Whether a file on this machine is this one, byte for byte.</summary>
    public bool IsAt(string path)
    {
        using var content = InputFile.Open(path);
        return content.Length == Length && DatasetChecksum.Compute(content) == Sha256;
    }
}

/// <summary>A data set of four IDX files that can be found by its name, or downloaded.</summary>
/// <param name="Info">Its description.</param>
/// <param name="ClassNames">The names of the labels 0, 1, …; null where they are digits.</param>
/// <param name="Checksum">
/// The fingerprint of its content (<see cref="DatasetChecksum"/>): what bears the name must have it. Others may have compressed the
/// same content to other bytes than those of <paramref name="Files"/>.
/// </param>
/// <param name="BaseAddress">Where its files are published; what comes from there is held against the pinned SHA-256.</param>
/// <param name="DebianPackage">The Debian package that installs it; null where there is none.</param>
/// <param name="Files">Training images and labels, test images and labels.</param>
internal sealed record KnownDataset(
    DatasetInfo Info, IReadOnlyList<string>? ClassNames, string Checksum, Uri BaseAddress, string? DebianPackage,
    IReadOnlyList<KnownFile> Files)
{
    public const string TrainImages = "train-images-idx3-ubyte.gz";
    public const string TrainLabels = "train-labels-idx1-ubyte.gz";
    public const string TestImages = "t10k-images-idx3-ubyte.gz";
    public const string TestLabels = "t10k-labels-idx1-ubyte.gz";

    private static readonly int[] PictureShape = [1, 28, 28];

    public static IReadOnlyList<KnownDataset> All { get; } = [Mnist(), FashionMnist()];

    public string Name => Info.Name;

    /// <summary>The files as they lie in a folder of downloads.</summary>
    public IdxFolder FilesIn(string folder)
    {
        var paths = Files.Select(file => Path.Combine(folder, file.Name)).ToArray();
        return new IdxFolder(folder, paths[0], paths[1], paths[2], paths[3]);
    }

    /// <summary>What a user can do when the data set is not to be had, as a sentence.</summary>
    public string Remedy =>
        "Give the folder that holds its four files with -Path, or name the folder above it in the environment variable SLC_DATA"
        + (DebianPackage is null ? "." : $", or install the Debian package {DebianPackage} (apt-get install {DebianPackage}).") + DatasetLocations.DescribeMissing();

    private static KnownDataset Mnist() => new(
        Describe("MNIST", "Handwritten digits, 28 x 28", "Free to use with citation",
            "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner (1998), Gradient-based learning applied to document recognition"),
        ClassNames: null, "06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16",
        new Uri("https://ossci-datasets.s3.amazonaws.com/mnist/"), DebianPackage: null,
        [
            new(TrainImages, 9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
            new(TrainLabels, 28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
            new(TestImages, 1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
            new(TestLabels, 4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
        ]);

    private static KnownDataset FashionMnist() => new(
        Describe("FashionMNIST", "Pictures of clothing, 28 x 28", "MIT",
            "H. Xiao, K. Rasul, R. Vollgraf (2017), Fashion-MNIST, arXiv:1708.07747, https://github.com/zalandoresearch/fashion-mnist"),
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
        "ca3ab2a37f845e1b8ae23cab1b51749a3011ba3bf1d9016176d75cbaabac376f",
        new Uri("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"), "dataset-fashion-mnist",
        [
            new(TrainImages, 26421880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
            new(TrainLabels, 29515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
            new(TestImages, 4422102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
            new(TestLabels, 5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
        ]);

    private static DatasetInfo Describe(string name, string description, string license, string source) => new(
        name, description, 10, PictureShape, TrainCount: 60000, TestCount: 10000, IsAvailable: false, Location: null, Problem: null,
        license, source);
}

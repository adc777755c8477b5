using System.Text.RegularExpressions;
using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Data;

/// <summary>A file of images and the file of labels that belongs to it.</summary>
internal static partial class IdxPair
{
    /// <summary>The file of labels beside a file of images: the one given, or the one of the same name in MNIST's manner.</summary>
    /// <param name="imagePath">The file of images.</param>
    /// <param name="labelPath">The file of labels; null to look for it.</param>
    /// <param name="parameter">The parameter that would give it, for the message.</param>
    /// <exception cref="SlcException"><c>LabelFileMissing</c>: none was given, and none is found.</exception>
    public static string FindLabels(string imagePath, string? labelPath, string parameter)
    {
        if (labelPath is not null)
            return LocalPath.Resolve(labelPath, parameter);
        if (!File.Exists(imagePath))
            throw FileFailure.Reading(imagePath, new FileNotFoundException());

        var folder = Path.GetDirectoryName(imagePath)!;
        var name = ImageWord().Replace(Path.GetFileName(imagePath), match => match.Groups["s"].Success ? "labels" : "label");
        name = name.Replace("idx3", "idx1", StringComparison.Ordinal);
        var bare = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
        var found = new[] { name, bare, bare + ".gz" }.Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
        if (found is not null && found != imagePath)
            return found;

        throw new SlcException("LabelFileMissing", SlcErrorKind.NotFound,
            $"There is no file of labels for the images in '{imagePath}'. Give it as -{parameter}.", parameter);
    }

    [GeneratedRegex("image(?<s>s)?", RegexOptions.CultureInvariant | RegexOptions.RightToLeft)]
    private static partial Regex ImageWord();
}

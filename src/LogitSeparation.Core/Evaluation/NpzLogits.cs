using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Evaluation;

/// <summary>Logits as NumPy's <c>savez</c> writes them: the arrays <c>logits</c>, <c>labels</c> and, optionally, <c>classes</c> and <see cref="LogitsProvenance.ArrayName"/>.</summary>
internal static class NpzLogits
{
    private const string LogitsName = "logits";
    private const string LabelsName = "labels";
    private const string ClassesName = "classes";

    /// <summary>Reads a file.</summary>
    public static Logits Import(LogitsOrigin origin, long largestInMemory, CancellationToken cancellationToken)
    {
        using var archive = NpzArchive.Open(origin.Path, cancellationToken);
        origin = LogitsProvenance.Add(origin, archive.TryRead(LogitsProvenance.ArrayName));
        if (archive.LocateFloats(LogitsName, largestInMemory) is { } located)
        {
            LogitsContent.CheckShape(origin.Path, located.Header.Shape);
            var (n, k) = (located.Header.Shape[0], located.Header.Shape[1]);
            var elements = new FileElements(origin.Path, located.Offset, located.Header.Size == sizeof(double), archive.FileLength);
            return origin.ToFile(elements, ReadLabels(archive, n, k), ReadClasses(archive, k));
        }

        var table = archive.Read(LogitsName);
        LogitsContent.CheckShape(origin.Path, table.Shape);
        return origin.ToMemory(
            table.Values, ReadLabels(archive, table.Shape[0], table.Shape[1]), ReadClasses(archive, table.Shape[1]));
    }

    /// <summary>Writes a file.</summary>
    public static void Export(Logits logits, string path, bool compress, CancellationToken cancellationToken) =>
        AtomicFile.Write(path, stream =>
        {
            using var writer = new NpzWriter(stream, compress);
            writer.Add(LogitsName, logits.IsDouble, [logits.Count, logits.ClassCount],
                target => LogitsFile.WriteElements(logits, target, cancellationToken));
            writer.Add(LabelsName, LogitsContent.WriteLabels(logits));
            writer.Add(ClassesName, DenseArray.Create<string>([.. logits.ClassNames], logits.ClassCount));
            if (LogitsProvenance.ToArray(logits) is { } known)
                writer.Add(LogitsProvenance.ArrayName, known);
        }, cancellationToken);

    private static int[] ReadLabels(NpzArchive archive, int n, int k) =>
        LogitsContent.ReadLabels(archive.Path, archive.Read(LabelsName), n, k);

    private static string[] ReadClasses(NpzArchive archive, int k)
    {
        var array = archive.TryRead(ClassesName);
        if (array is null)
            RefuseMisspelling(archive, k);
        return LogitsContent.ReadClasses(archive.Path, array, k);
    }

    /// <summary>
    /// Names that are nearly right would otherwise be dropped without a word. An array that is no list of k names may be called what is
    /// not one letter off, such as <c>losses</c>.
    /// </summary>
    private static void RefuseMisspelling(NpzArchive archive, int k)
    {
        foreach (var name in archive.Names.Where(name => name is not (LogitsName or LabelsName or LogitsProvenance.ArrayName)))
        {
            if (NearestName.Distance(name, ClassesName) <= 1 || (NearestName.Find(name, [ClassesName]) is not null && HoldsNames(archive, name, k)))
            {
                throw LogitsContent.Invalid("LogitsMemberUnknown", archive.Path,
                    $"it has an array '{name}' and no '{ClassesName}'. Rename it to '{ClassesName}' if it holds the class names, or leave it out.");
            }
        }
    }

    private static bool HoldsNames(NpzArchive archive, string name, int k) =>
        archive.TryRead(name) is { Values: string[] names } array && array.Shape.Count == 1 && names.Length == k;
}

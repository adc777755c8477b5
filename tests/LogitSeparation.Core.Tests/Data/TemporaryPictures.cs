namespace LogitSeparation.Core.Tests.Data;

/// <summary>A temporary folder with some class folders of pictures, copied from another layout.</summary>
internal sealed class TemporaryPictures : IDisposable
{
    public TemporaryPictures(string source, int classCount, int perClass)
    {
        Path = Directory.CreateTempSubdirectory("slc-pictures-").FullName;
        foreach (var folder in Directory.GetDirectories(source).Order(StringComparer.Ordinal).Take(classCount))
        {
            var target = Directory.CreateDirectory(System.IO.Path.Combine(Path, System.IO.Path.GetFileName(folder))).FullName;
            foreach (var file in Directory.GetFiles(System.IO.Path.Combine(folder, "images")).Order(StringComparer.Ordinal).Take(perClass))
                File.WriteAllBytes(System.IO.Path.Combine(target, System.IO.Path.GetFileName(file)), File.ReadAllBytes(file));
        }
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

using System.Diagnostics;

namespace LogitSeparation.Core.Tests.Runtime;

/// <summary>
/// A copy of the tests' output folder with native libraries arranged by the test, in which one test method runs in a
/// process of its own: libtorch can be loaded only once in a process, and what goes wrong may end it.
/// </summary>
internal sealed class FreshProcess : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slc-natives-");

    /// <summary>Copies the output folder, without the pointer to the staged folder.</summary>
    public FreshProcess()
    {
        foreach (var path in Directory.EnumerateFiles(AppContext.BaseDirectory))
            File.Copy(path, Path.Combine(_folder.FullName, Path.GetFileName(path)));
        File.Delete(Pointer);
    }

    /// <summary>The file that would hold the path of the staged folder.</summary>
    public string Pointer => Path.Combine(_folder.FullName, "LogitSeparation.native.txt");

    /// <summary>The folder of native libraries beside the core.</summary>
    public string Native => Path.Combine(_folder.FullName, "native");

    /// <summary>The folder that the build staged.</summary>
    public static string Staged =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "LogitSeparation.native.txt")).Trim();

    /// <summary>Fills <see cref="Native"/> with links to what the build staged.</summary>
    public void LinkNatives()
    {
        Directory.CreateDirectory(Native);
        foreach (var path in Directory.EnumerateFiles(Staged))
            File.CreateSymbolicLink(Path.Combine(Native, Path.GetFileName(path)), path);
    }

    /// <summary>Puts a file that holds the beginning of a library in that library's place.</summary>
    public void Truncate(string name, int length)
    {
        var path = Path.Combine(Native, name);
        var bytes = new byte[length];
        using (var file = File.OpenRead(path))
            file.ReadExactly(bytes);
        File.Delete(path);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Runs one test method there.</summary>
    /// <param name="test">Its class.</param>
    /// <param name="method">Its name.</param>
    /// <param name="environment">Environment variables to set.</param>
    /// <returns>The exit code, and what was written.</returns>
    public (int ExitCode, string Output) Run(Type test, string method, params (string Name, string? Value)[] environment)
    {
        var program = Path.Combine(_folder.FullName, typeof(FreshProcess).Assembly.GetName().Name + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments = ["--explicit", "on", "--filter-method", $"{test.FullName}.{method}", "--output", "Detailed"];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["SLC_LIBTORCH"] = null;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}

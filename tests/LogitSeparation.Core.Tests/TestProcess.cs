using System.Diagnostics;
using System.Globalization;
using TorchSharp;

namespace LogitSeparation.Core.Tests;

/// <summary>Other processes of the tests' program, in which one test that is not run by itself runs: they can be killed.</summary>
internal static class TestProcess
{
    /// <summary>How to start one.</summary>
    /// <param name="test">The class of the test.</param>
    /// <param name="method">Its name; it is explicit.</param>
    /// <param name="environment">Environment variables to set.</param>
    public static ProcessStartInfo Describe(Type test, string method, params (string Name, string Value)[] environment)
    {
        var start = Describe("--explicit", "on", "--filter-method", $"{test.FullName}.{method}");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        // The same number of threads everywhere, since bits depend on it.
        TestDevice.Open();
        start.Environment["OMP_NUM_THREADS"] = torch.get_num_threads().ToString(CultureInfo.InvariantCulture);
        return start;
    }

    /// <summary>How to start one with other arguments.</summary>
    public static ProcessStartInfo Describe(params string[] arguments)
    {
        var name = typeof(TestProcess).Assembly.GetName().Name + (OperatingSystem.IsWindows() ? ".exe" : "");
        return new(Path.Combine(AppContext.BaseDirectory, name), arguments) { RedirectStandardOutput = true, UseShellExecute = false };
    }

    /// <summary>Starts one and lets it write what it will.</summary>
    public static Process Start(ProcessStartInfo start)
    {
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    /// <summary>Starts one and kills it (signal 9) a while after it got to work.</summary>
    /// <param name="start">How to start it.</param>
    /// <param name="isAtWork">Whether it got to work.</param>
    /// <param name="milliseconds">The while.</param>
    /// <returns>Whether it lived long enough.</returns>
    public static bool StartAndKill(ProcessStartInfo start, Func<bool> isAtWork, int milliseconds)
    {
        using var process = Start(start);
        while (!isAtWork())
        {
            if (process.WaitForExit(20))
                return false;
        }

        if (process.WaitForExit(milliseconds))
            return false;
        process.Kill();
        process.WaitForExit();
        return true;
    }
}

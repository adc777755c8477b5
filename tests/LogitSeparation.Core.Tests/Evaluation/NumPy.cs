using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace LogitSeparation.Core.Tests.Evaluation;

/// <summary>Runs Python with NumPy, where the machine has it: what it writes and reads is the measure of the npz format.</summary>
internal static class NumPy
{
    private static readonly Lazy<string?> Python = new(() => Array.Find(
        ["python3", "/usr/bin/python3", "python"], name => Start(name, "import numpy", [], out _) is not null));

    /// <summary>Runs a script and returns what it prints; skips the running test where there is no NumPy.</summary>
    /// <param name="script">Python, with numpy imported as np.</param>
    /// <param name="arguments">The script's sys.argv[1:].</param>
    public static string Run(string script, params string[] arguments)
    {
        Assert.SkipWhen(Python.Value is null, "There is no Python with NumPy here.");
        return Start(Python.Value, $"import sys, numpy as np\n{script}", arguments, out var error)
            ?? throw new InvalidOperationException(error);
    }

    private static string? Start(string python, string script, string[] arguments, out string error)
    {
        var start = new ProcessStartInfo(python) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-c", script, .. arguments])
            start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            error = errors.Result;
            return process.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception exception)
        {
            error = exception.Message;
            return null;
        }
    }
}

using System.ComponentModel;
using System.Diagnostics;

namespace LogitSeparation.Core.Tests;

/// <summary>Runs Python, where the machine has it.</summary>
internal static class PythonProgram
{
    /// <summary>The program that can import some modules; null where there is none.</summary>
    /// <param name="modules">Their names, separated by commas.</param>
    public static string? With(string modules) => Array.Find(
        ["python3", "/usr/bin/python3", "python"], name => Run(name, ["-c", $"import {modules}"], "", out _) is not null);

    /// <summary>Runs it.</summary>
    /// <param name="python">The program.</param>
    /// <param name="arguments">What it is given.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="error">What it said of what went wrong.</param>
    /// <returns>What it printed; null where it failed.</returns>
    public static string? Run(string python, string[] arguments, string input, out string error)
    {
        var start = new ProcessStartInfo(python) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            if (input.Length > 0)
                process.StandardInput.Write(input);
            process.StandardInput.Close();
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

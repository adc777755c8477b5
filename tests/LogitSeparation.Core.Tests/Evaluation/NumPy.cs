using Xunit;

namespace LogitSeparation.Core.Tests.Evaluation;

/// <summary>Runs Python with NumPy, where the machine has it: what it writes and reads is the measure of the npz format.</summary>
internal static class NumPy
{
    private static readonly Lazy<string?> Python = new(() => PythonProgram.With("numpy"));

    /// <summary>Runs a script and returns what it prints; skips the running test where there is no NumPy.</summary>
    /// <param name="script">Python, with numpy imported as np.</param>
    /// <param name="arguments">The script's sys.argv[1:].</param>
    public static string Run(string script, params string[] arguments)
    {
        Assert.SkipWhen(Python.Value is null, "There is no Python with NumPy here.");
        return PythonProgram.Run(Python.Value, ["-c", $"import sys, numpy as np\n{script}", .. arguments], "", out var error)
            ?? throw new InvalidOperationException(error);
    }
}

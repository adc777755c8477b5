using System.Diagnostics;
using LogitSeparation.Core.Tests.Losses;
using LogitSeparation.Core.Tests.Networks;
using Xunit;

namespace LogitSeparation.Core.Tests.Runtime;

/// <summary>What is written for vectors, on processors with shorter ones or none: in processes that are told so.</summary>
public sealed class InstructionSetTests
{
    [Theory]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public void Vectors_of_any_length_give_the_same(string without)
    {
        var start = TestProcess.Describe(
            "--filter-class", typeof(LossRowTests).FullName!, "--filter-class", typeof(NetworkTests).FullName!,
            "--filter-class", typeof(InputTensorTests).FullName!, "--minimum-expected-tests", "20");
        start.Environment[without] = "0";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
    }
}

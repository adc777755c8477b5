using LogitSeparation.Core.Runtime;
using TorchSharp;
using Xunit;

namespace LogitSeparation.Core.Tests.Runtime;

/// <summary>
/// TorchSharp makes a <see cref="Scalar"/> of a number on the way into an operation, hands its bare address to libtorch and keeps
/// nothing: a garbage collection at that moment frees it, and the operation reads memory that is another's by then.
/// </summary>
public sealed class ScalarLifetimeTests
{
    /// <summary>What makes such a number, in TorchSharp's own terms.</summary>
    private static bool MakesScalar(string method) =>
        method.StartsWith("Scalar.op_Implicit(", StringComparison.Ordinal) || method.Contains(".ToScalar(", StringComparison.Ordinal);

    [Fact]
    public void The_core_calls_nothing_that_makes_scalars_but_where_they_are_kept()
    {
        using var torchSharp = new CallGraph(typeof(torch).Assembly.Location);
        var calls = torchSharp.Calls.ToArray();
        var makers = calls.Where(call => call.Callees.Any(MakesScalar)).Select(call => call.Caller).ToHashSet(StringComparer.Ordinal);
        for (var count = 0; count != makers.Count;)
        {
            count = makers.Count;
            makers.UnionWith(calls.Where(call => call.Callees.Overlaps(makers)).Select(call => call.Caller));
        }

        Assert.Contains("Tensor.add_(Tensor)", makers);
        using var core = new CallGraph(typeof(TorchRuntime).Assembly.Location);
        var found = core.Calls
            .Where(call => !call.Caller.StartsWith("TensorArithmetic.", StringComparison.Ordinal))
            .SelectMany(call => call.Callees.Where(callee => MakesScalar(callee) || makers.Contains(callee)).Select(callee => $"{call.Caller} -> {callee}"))
            .Order().ToArray();
        Assert.True(found.Length == 0, string.Join('\n', found));
    }
}

using LogitSeparation.Core.Losses;
using TorchSharp;

namespace LogitSeparation.Benchmarks;

/// <summary>Each loss with its gradient, against libtorch's <c>cross_entropy</c> forward and backward on the same 128 x k logits.</summary>
internal static class LossBenchmark
{
    public static void Run()
    {
        foreach (var k in new[] { 10, 1000, 100_000 })
        {
            using var scope = torch.NewDisposeScope();
            using var generator = new torch.Generator(1);
            var labels = torch.randint(0, k, 128, dtype: torch.int64, generator: generator);
            var logits = torch.randn(128, k, generator: generator);
            var leaf = logits.clone().requires_grad_(true);
            void CrossEntropy()
            {
                torch.nn.functional.cross_entropy(leaf, labels).backward();
                leaf.grad = null;
            }

            foreach (var info in LossCatalog.All)
            {
                using var loss = LossCatalog.Create(info.Name, new(new(), new int[k], 0));
                Measure(info.Name, loss);
            }

            using var sampled = LossCatalog.Create("NCE", new(new() { NoiseSampling = NoiseSampling.Sampled }, new int[k], 0));
            Measure("NCE, sampled", sampled);

            void Measure(string name, Loss loss)
            {
                void Evaluate()
                {
                    using var noGrad = torch.no_grad();
                    loss.Evaluate(logits, labels, 0);
                }

                Ratio.Measure(Evaluate, CrossEntropy, rounds: 15, seconds: 1).Print($"loss, 128 x {k}, {name}", "cross_entropy", 1.5);
            }
        }
    }
}

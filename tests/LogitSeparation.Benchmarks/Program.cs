using LogitSeparation.Benchmarks;
using LogitSeparation.Core.Runtime;

// Each benchmark takes turns in one run and prints ratios of medians, or of fastest times where it says so, beside the target that the project has set itself.
var benchmarks = new (string Name, Action Run)[]
{
    ("step", StepBenchmark.Run),
    ("convolution", ConvolutionBenchmark.Run),
    ("loss", LossBenchmark.Run),
    ("classes", ClassBenchmark.Run),
    ("memory", MemoryBenchmark.Run),
    ("metrics", MetricsBenchmark.Run),
    ("separation", SeparationBenchmark.Run),
    ("batches", BatchBenchmark.Run),
    ("pictures", PictureBenchmark.Run),
    ("bootstrap", BootstrapBenchmark.Run),
    ("index", IndexBenchmark.Run),
};

var unknown = args.FirstOrDefault(arg => !benchmarks.Any(benchmark => benchmark.Name == arg));
if (unknown is not null)
{
    Console.Error.WriteLine($"There is no benchmark '{unknown}'. There are: {string.Join(", ", benchmarks.Select(benchmark => benchmark.Name))}.");
    return 1;
}

TorchRuntime.EnsureLoaded();
Console.WriteLine($"libtorch threads: {TorchSharp.torch.get_num_threads()}");
foreach (var (name, run) in benchmarks)
{
    if (args.Length == 0 || args.Contains(name))
        run();
}

return 0;

using LogitSeparation.Core.Data;
using LogitSeparation.Core.Sweeps;
using Xunit;

namespace LogitSeparation.Core.Tests.Sweeps;

/// <summary>Data sets that lie elsewhere than they did, what is shown of trials, and estimates.</summary>
public sealed class SweepPlaceTests : IDisposable
{
    private readonly SweepFixture _sweep = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static SweepOptions Bare => SweepFixture.Options with { Dataset = [], NoDownload = true };

    private static SweepPlan Plan => SweepFixture.Plan(20) with { LearningRate = [0.1], Loss = ["CE"] };

    public void Dispose() => _sweep.Dispose();

    // A .csv file, whose data set is called after it.
    private Dataset Write(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(_sweep.Folder)!, "data")).FullName;
        var path = Path.Combine(folder, name);
        var lines = Enumerable.Range(0, 200).Select(i => $"{i % 7},{i % 3},{i % 11},{i % 4}");
        File.WriteAllLines(path, ["a,b,c,label", .. lines]);
        return DatasetCatalog.Open(new() { Path = path }, null, Stop);
    }

    // By hand: with two processes 5 | 1 1 1 4, since each of the short ones follows another; the longest last has to be waited for.
    [Theory]
    [InlineData(0, 12, new[] { 5, 1, 1, 1, 4 })]
    [InlineData(1, 12, new[] { 5, 1, 1, 1, 4 })]
    [InlineData(2, 7, new[] { 5, 1, 1, 1, 4 })]
    [InlineData(3, 5, new[] { 5, 1, 1, 1, 4 })]
    [InlineData(9, 5, new[] { 5, 1, 1, 1, 4 })]
    [InlineData(2, 11, new[] { 1, 1, 1, 10 })]
    [InlineData(4, 0, new int[0])]
    public void The_time_of_a_sweep_is_that_of_its_busiest_process(int processes, int expected, int[] hours)
    {
        var trials = hours.Select(hour => new Trial { Id = "", State = TrialState.Pending, Configuration = null, Folder = "", Estimate = TimeSpan.FromHours(hour) });
        Assert.Equal(TimeSpan.FromHours(expected), Sweep.TotalTime([.. trials], new SweepOptions { ThrottleLimit = processes }));
    }

    [Fact]
    public void A_name_that_comes_from_a_path_is_no_part_of_a_trial()
    {
        var (one, other) = (Write("one.csv"), Write("other.csv"));
        Assert.NotEqual(one.Name, other.Name);
        var trial = Assert.Single((Plan with { Dataset = [one, other] }).Trials());
        Assert.DoesNotContain("name", System.Text.Encoding.UTF8.GetString(trial.ToJson()), StringComparison.Ordinal);
        (Plan with { Dataset = [one] }).Write(_sweep.Folder);
        Assert.Equal("one", Assert.Single(Sweep.Trials(_sweep.Folder)).Dataset);
        File.Delete(Path.Combine(_sweep.Folder, trial.Id(), "dataset.json"));
        Assert.Equal(one.Identity.Checksum[..8], Assert.Single(Sweep.Trials(_sweep.Folder)).Dataset);
    }

    [Fact]
    public void A_trial_whose_data_has_moved_is_told_where_it_is()
    {
        var data = Write("one.csv");
        var folder = Path.Combine(_sweep.Folder, (Plan with { Dataset = [data] }).Write(_sweep.Folder)[0]);
        var moved = Write("moved.csv");
        File.Delete(data.Path!);
        var lost = Sweep.RunTrial(folder, Bare, null, Stop);
        Assert.Equal((TrialState.Failed, "DatasetNotFound"), (lost.State, lost.ErrorId));
        Assert.Equal("DatasetChanged", Assert.Throws<SlcException>(() => Sweep.RunTrial(folder, SweepFixture.Options, null, Stop)).ErrorId);

        // Split otherwise, it is the same data all the same.
        var given = DatasetCatalog.Open(new() { Path = moved.Path, ValidationCount = 7, Seed = 3 }, null, Stop);
        var trial = Sweep.RunTrial(folder, Bare with { Dataset = [given] }, null, Stop);
        Assert.Equal(TrialState.Done, trial.State);
        Assert.Equal((moved.Path, data.Identity.ValidationCount), (trial.ReadModel().DatasetIdentity.Path, trial.ReadModel().DatasetIdentity.ValidationCount));

        // Those who come after need not be told.
        File.Delete(Path.Combine(folder, "done"));
        Assert.Equal(TrialState.Done, Assert.Single(Sweep.Resume(_sweep.Folder, null, Bare, null, Stop)).State);
    }

    [Fact]
    public void Trials_say_what_distinguishes_them_in_the_order_of_the_grid()
    {
        var plan = SweepFixture.Plan() with
        {
            Loss = ["SelfNorm", "CE"],
            Seed = [1, 0],
            Parameter = new Dictionary<string, IReadOnlyList<object>> { ["BatchSize"] = [128, 16], ["Alpha"] = [1, 0.1] },
        };
        plan.Write(_sweep.Folder);
        var trials = Sweep.Trials(_sweep.Folder).ToArray();
        Assert.Equal(2 * ((2 * 2 * 2) + (2 * 2)), trials.Length);
        Assert.All(trials, trial => Assert.Equal(trial.Loss == "CE" ? ["BatchSize", "HiddenUnit"] : ["Alpha", "BatchSize", "HiddenUnit"], trial.Parameter.Keys.Order()));
        Assert.Equal([16, 128], trials.Select(trial => trial.Parameter["BatchSize"]).Distinct());
        Assert.Equal([16], Assert.IsType<int[]>(trials[0].Parameter["hiddenunit"]));
        Assert.Equal(trials.Select(trial => trial.Seed).Order(), trials.Select(trial => trial.Seed));
        Assert.Equal([0.1, 0.03], trials.Take(2).Select(trial => trial.LearningRate!.Value));
        Assert.Equal(trials.Select(trial => trial.Id), Sweep.Preview(_sweep.Folder, null, SweepFixture.Options, Stop).Select(trial => trial.Id));
    }

    [Fact]
    public async Task A_trial_that_runs_says_how_far_it_is_and_one_that_was_stopped_what_is_left()
    {
        var plan = SweepFixture.Plan(1_000_000) with { LearningRate = [0.1], Loss = ["CE"] };
        plan = plan with { Training = plan.Training with { HistoryInterval = 5 } };
        var run = Task.Run(() => Assert.Throws<OperationCanceledException>(() => Sweep.Start(plan, _sweep.Folder, SweepFixture.Options, null, Stop).ToArray()), Stop);
        Trial? trial = null;
        while (trial is not { StepsPerSecond: > 0, CompletedStep: > 0, History.Count: > 0 })
        {
            await Task.Delay(50, Stop);
            trial = Directory.Exists(_sweep.Folder) ? Sweep.Trials(_sweep.Folder).FirstOrDefault() : null;
        }

        Assert.Equal(TrialState.Running, trial.State);
        Assert.InRange(DateTimeOffset.UtcNow - trial.LastBeat!.Value, TimeSpan.FromMinutes(-1), TimeSpan.FromMinutes(1));
        Assert.Equal(5, trial.History[0].Step);
        Assert.True(trial.History[0] is { Loss: > 0, ValidationAccuracy: > 0 });
        Assert.Empty(Sweep.Preview(plan, _sweep.Folder, SweepFixture.Options, Stop));
        Sweep.Stop(_sweep.Folder, TimeSpan.FromSeconds(30), Stop);
        await run.WaitAsync(TimeSpan.FromSeconds(30), Stop);

        var left = Assert.Single(Sweep.Preview(plan, _sweep.Folder, SweepFixture.Options, Stop));
        Assert.Equal(TrialState.Stopped, left.State);
        Assert.InRange(left.CompletedStep, 1, 999_999);
        Assert.True(left.Estimate > TimeSpan.Zero);
    }

    [Fact]
    public void An_estimate_counts_the_steps_that_are_left_at_the_speed_of_such_trials()
    {
        var plan = SweepFixture.Plan(600) with { LearningRate = [0.1], Loss = ["CE"] };
        var done = Assert.Single(Sweep.Start(plan, _sweep.Folder, SweepFixture.Options, null, Stop));
        var estimate = new SweepEstimate(SweepFixture.Options, done.ThreadCount!.Value);
        estimate.Learn([done]);
        var trial = done.Configuration! with { Training = done.Configuration!.Training with { StepCount = 1000 } };
        var seconds = 900 * done.Duration!.Value.TotalSeconds / 600;
        Assert.Equal(seconds, estimate.Of(trial, completed: 100, () => throw new InvalidOperationException(), Stop).TotalSeconds, 1e-6);

        // With another number of threads it has to be measured.
        var others = new SweepEstimate(SweepFixture.Options, done.ThreadCount.Value + 1);
        others.Learn([done]);
        Assert.Throws<InvalidOperationException>(() => others.Of(trial, 0, () => throw new InvalidOperationException(), Stop));
    }

    [Fact]
    public void Cores_are_divided_among_as_many_processes_as_have_something_to_do()
    {
        Assert.Equal(4, (SweepFixture.Options with { ThrottleLimit = 4 }).ProcessCount(9));
        Assert.Equal(2, (SweepFixture.Options with { ThrottleLimit = 4 }).ProcessCount(2));
        Assert.Equal(1, SweepFixture.Options.ProcessCount(9));
        Assert.InRange(TrialProcess.ThreadCount(1), 1, Environment.ProcessorCount);
        Assert.Equal(1, TrialProcess.ThreadCount(10_000));
    }

    [Fact]
    public void Events_are_written_into_the_folder_of_a_trial_where_asked_for()
    {
        var options = SweepFixture.Options with { TensorBoard = true };
        var trial = Assert.Single(Sweep.Start(Plan, _sweep.Folder, options, null, Stop));
        var run = Assert.Single(Directory.GetDirectories(Path.Combine(trial.Folder, "events")));
        Assert.StartsWith("Digits-CE-0.1-seed0-", Path.GetFileName(run), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(run));
    }
}

using System.Management.Automation;
using LogitSeparation.Core;
using LogitSeparation.Core.Indexing;
using LogitSeparation.Core.Indexing.Graphs;
using LogitSeparation.Core.Inference;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Thresholds;

namespace LogitSeparation.PowerShell;

/// <summary>Finds the examples of some classes by those classes' logits alone.</summary>
[Cmdlet(VerbsCommon.Find, "SlcMatch", DefaultParameterSetName = DatasetSet)]
[OutputType(typeof(Match))]
public sealed class FindSlcMatchCommand : ExampleCommand
{
    private const string IndexSet = "Index";
    private const double LowRecall = 0.9;

    private MatchFinder? _finder;
    private LargestLogits<Match>? _best;
    private (Model, string[], double?, Calibration?) _prepared;

    /// <summary>The features of examples, kept by New-SlcIndex.</summary>
    [Parameter(Mandatory = true, ParameterSetName = IndexSet)]
    [ValidateNotNullOrEmpty]
    public string Index { get; set; } = "";

    /// <summary>Ask the index's graph, which may miss some matches.</summary>
    [Parameter(ParameterSetName = IndexSet)]
    public SwitchParameter Approximate { get; set; }

    /// <summary>How many candidates the graph keeps on the way.</summary>
    [Parameter(ParameterSetName = IndexSet)]
    [ValidateRange(1, 1 << 20)]
    public int? Effort { get; set; }

    /// <summary>The names of the classes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ClassCompleter))]
    public string[] Class { get; set; } = [];

    /// <summary>The threshold that a match's logit exceeds, in place of those that the model carries.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    public double? Threshold { get; set; }

    /// <summary>What the logit says in probabilities, in place of what the model carries.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public Calibration? Calibration { get; set; }

    /// <summary>Give only so many matches, those with the largest logits, the largest first.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Top { get; set; }

    /// <inheritdoc/>
    protected override void Begin()
    {
        if (Approximate && Top is null)
        {
            throw new SlcException("TopMissing", SlcErrorKind.InvalidArgument,
                "-Approximate finds the largest logits, and needs to know how many: give -Top, or leave out -Approximate for all above the threshold.", nameof(Top));
        }

        if (Effort is not null && !Approximate)
            throw new SlcException("EffortOfExact", SlcErrorKind.InvalidArgument, "-Effort is for approximate answers: leave it out, or give -Approximate.", nameof(Effort));
    }

    /// <inheritdoc/>
    private protected override void Prepare()
    {
        if (_finder is not null && _prepared.Equals((Model, Class, Threshold, Calibration)))
            return;
        CloseFinder();
        _finder = new(Model, Queries(), Device);
        _prepared = (Model, Class, Threshold, Calibration);
    }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (Approximate)
            SearchGraph();
        else if (ParameterSetName == IndexSet)
            Search();
        else
            base.Process();
        if (!IsPiped)
            GiveBest();
    }

    /// <inheritdoc/>
    private protected override void Take(ExampleSource examples)
    {
        foreach (var match in _finder!.Find(examples, Cancellation))
            Give(match);
    }

    /// <inheritdoc/>
    private protected override void Finish()
    {
        GiveBest();
        CloseFinder();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _finder?.Dispose();
        base.Dispose(disposing);
    }

    private void Search()
    {
        var index = FeatureIndex.Open(FilePaths.Resolve(this, Index));
        foreach (var match in Top is { } count ? IndexSearch.FindLargest(index, Model, Queries(), count, Cancellation) : IndexSearch.Find(index, Model, Queries(), Cancellation))
            WriteObject(match);
    }

    private void SearchGraph()
    {
        var index = FeatureIndex.Open(FilePaths.Resolve(this, Index));
        var matches = GraphSearch.Find(index, Model, Queries(), Top!.Value, Effort, Cancellation);
        if (index.Graph is { } graph && (Effort ?? graph.EffortFor(Top.Value)) is var effort)
            Tell(graph.RecallOf(Top.Value, effort), effort);
        WriteObject(matches, enumerateCollection: true);
    }

    private void Tell(RecallAtEffort? measured, int effort)
    {
        var what = measured is null ? "so small an effort was not measured"
            : FormattableString.Invariant($"{measured.Recall:F3} of the {measured.Top} largest logits were found when the graph was made ({measured.Lowest:F2} for the worst class)");
        var text = FormattableString.Invariant($"The answer is approximate: at effort {effort}, {what}.");
        if (measured?.Recall >= LowRecall)
            WriteVerbose(text);
        else
            WriteWarning($"{text} Give a larger -Effort, or leave out -Approximate for all.");
    }

    private void Give(Match match)
    {
        if (Top is not { } count)
        {
            WriteObject(match);
            return;
        }

        _best ??= new(count);
        _best.Offer(match, match.Logit);
    }

    private void GiveBest()
    {
        foreach (var match in _best?.Take() ?? [])
            WriteObject(match);
    }

    private void CloseFinder()
    {
        if (_finder is null)
            return;
        WriteVerbose(FormattableString.Invariant($"{_finder.ExampleCount} examples, {_finder.MultiplyAddCount} multiply-adds: the trunk, and one row of the head a class."));
        _finder.Dispose();
        _finder = null;
    }

    private ClassQuery[] Queries() => Threshold is not double.NaN
        ? [.. NamePattern.Resolve(Class, Model.ClassNames, "class", "UnknownClass").Select(Query)]
        : throw new SlcException("InvalidThreshold", SlcErrorKind.InvalidArgument,
            "-Threshold is NaN, which no logit exceeds: give a number, or measure one with Measure-SlcThreshold.", nameof(Threshold));

    private ClassQuery Query(string name) =>
        new(Model.FindClass(name), Threshold ?? Kept(name)) { Calibration = Calibration ?? Model.FindKept(name)?.Calibration };

    private double Kept(string name) => Model.FindThreshold(name) ?? throw new SlcException("ThresholdMissing", SlcErrorKind.InvalidArgument,
        $"The model carries no threshold for class '{name}': give -Threshold, pipe in what Measure-SlcThreshold gives, or let the model carry that with Set-SlcThreshold.", name);
}

using System.Globalization;

namespace LogitSeparation.Core.Evaluation.Statistics;

/// <summary>One of the measures in <see cref="SlcMetrics"/>, by name, so that statistics can treat all of them alike.</summary>
public sealed class Metric
{
    private readonly Func<SlcMetrics, double?> _value;
    private readonly Func<ClassMetrics, double?>? _classValue;

    private Metric(string name, string title, Func<SlcMetrics, double?> value, Func<ClassMetrics, double?>? classValue)
    {
        Name = name;
        Title = title;
        _value = value;
        _classValue = classValue;
        IsMeanOfClasses = classValue is not null;
    }

    /// <summary>Average precision.</summary>
    public static Metric Auprc { get; } = new("Auprc", "1-AUPRC", item => item.Auprc, item => item.Auprc);

    /// <summary>The area by the trapezoid rule.</summary>
    public static Metric AuprcTrapezoid { get; } =
        new("AuprcTrapezoid", "1-AUPRC (trapezoid)", item => item.AuprcTrapezoid, item => item.AuprcTrapezoid);

    /// <summary>The highest precision at recall 0.9 or more.</summary>
    public static Metric PrecisionAt90 { get; } = new("PrecisionAt90", "1-Prec@0.9", item => item.PrecisionAt90, item => item.PrecisionAt90) { Recall = 0.9 };

    /// <summary>The highest precision at recall 0.99 or more.</summary>
    public static Metric PrecisionAt99 { get; } = new("PrecisionAt99", "1-Prec@0.99", item => item.PrecisionAt99, item => item.PrecisionAt99) { Recall = 0.99 };

    /// <summary>The share of examples whose largest logit is the true one: classes weigh as many examples as they have.</summary>
    public static Metric Accuracy { get; } = new("Accuracy", "1-Acc.", item => item.Accuracy, item => item.Accuracy) { IsMeanOfClasses = false };

    /// <summary>The same share of each class's examples, and its mean over classes.</summary>
    public static Metric BalancedAccuracy { get; } = new("BalancedAccuracy", "1-Acc. (balanced)", item => item.BalancedAccuracy, item => item.Accuracy);

    /// <summary>The highest F1 of any threshold.</summary>
    public static Metric BestF1 { get; } = new("BestF1", "1-F1", item => item.BestF1, item => item.BestF1);

    /// <summary>The share of examples whose true logit is among the five largest: classes weigh as many examples as they have.</summary>
    public static Metric Top5Accuracy { get; } = new("Top5Accuracy", "1-Top5", item => item.Top5Accuracy, item => item.Top5Accuracy) { IsMeanOfClasses = false };

    /// <summary>The largest share of examples that one threshold gets wholly right. The threshold is all classes' own, so a class has no interval.</summary>
    public static Metric UniformAccuracy { get; } = new("UniformAccuracy", "1-Uniform", item => item.UniformAccuracy, classValue: null);

    /// <summary>Average precision, with classes weighted by their examples.</summary>
    public static Metric AuprcWeighted { get; } = new("AuprcWeighted", "1-AUPRC (weighted)", item => item.AuprcWeighted, classValue: null);

    /// <summary>The area by the trapezoid rule, with classes weighted by their examples.</summary>
    public static Metric AuprcTrapezoidWeighted { get; } =
        new("AuprcTrapezoidWeighted", "1-AUPRC (trapezoid, weighted)", item => item.AuprcTrapezoidWeighted, classValue: null);

    /// <summary>The highest F1 of any threshold, with classes weighted by their examples.</summary>
    public static Metric BestF1Weighted { get; } = new("BestF1Weighted", "1-F1 (weighted)", item => item.BestF1Weighted, classValue: null);

    /// <summary>The highest precision at recall 0.9 or more, with classes weighted by their examples.</summary>
    public static Metric PrecisionAt90Weighted { get; } =
        new("PrecisionAt90Weighted", "1-Prec@0.9 (weighted)", item => item.PrecisionAt90Weighted, classValue: null) { Recall = 0.9 };

    /// <summary>The highest precision at recall 0.99 or more, with classes weighted by their examples.</summary>
    public static Metric PrecisionAt99Weighted { get; } =
        new("PrecisionAt99Weighted", "1-Prec@0.99 (weighted)", item => item.PrecisionAt99Weighted, classValue: null) { Recall = 0.99 };

    /// <summary>The measures that everything that was measured has.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        Auprc, AuprcWeighted, AuprcTrapezoid, AuprcTrapezoidWeighted, PrecisionAt90, PrecisionAt90Weighted, PrecisionAt99, PrecisionAt99Weighted,
        BestF1, BestF1Weighted, Accuracy, BalancedAccuracy, Top5Accuracy, UniformAccuracy,
    ];

    /// <summary>The four of the paper's Table 1.</summary>
    public static IReadOnlyList<Metric> Paper { get; } = [Auprc, PrecisionAt90, PrecisionAt99, Accuracy];

    /// <summary>The name of the property, e.g. <c>PrecisionAt90</c>; <c>PrecisionAt50</c> for a recall of 0.5 that was asked for.</summary>
    public string Name { get; }

    /// <summary>How the paper's tables call one minus the measure, e.g. <c>1-AUPRC</c>.</summary>
    public string Title { get; }

    /// <summary>The recall of a precision at a recall; null for other measures.</summary>
    public double? Recall { get; private init; }

    /// <summary>Whether the measure is the mean of what it is for each class, so that classes say something about the whole.</summary>
    public bool IsMeanOfClasses { get; private init; }

    /// <summary>The precision at a recall.</summary>
    /// <param name="recall">In (0, 1].</param>
    public static Metric AtRecall(double recall)
    {
        var name = "PrecisionAt" + Percent(recall);
        return All.FirstOrDefault(metric => metric.Name == name) ?? new Metric(
            name, FormattableString.Invariant($"1-Prec@{recall}"),
            item => item.PrecisionAtRecall.TryGetValue(recall, out var value) ? value : null,
            item => item.PrecisionAtRecall.TryGetValue(recall, out var value) ? value : null)
        {
            Recall = recall,
        };
    }

    /// <summary>The precision at a recall, with classes weighted by their examples.</summary>
    /// <param name="recall">In (0, 1].</param>
    public static Metric AtRecallWeighted(double recall)
    {
        var name = $"PrecisionAt{Percent(recall)}Weighted";
        return All.FirstOrDefault(metric => metric.Name == name) ?? new Metric(
            name, FormattableString.Invariant($"1-Prec@{recall} (weighted)"),
            item => item.PrecisionAtRecallWeighted.TryGetValue(recall, out var value) ? value : null, classValue: null)
        {
            Recall = recall,
        };
    }

    /// <summary>All measures that a result has: those of <see cref="All"/> and the precisions at other recalls.</summary>
    /// <param name="metrics">The result.</param>
    public static IReadOnlyList<Metric> In(SlcMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var atRecalls = metrics.PrecisionAtRecall.Keys.SelectMany(recall => new[] { AtRecall(recall), AtRecallWeighted(recall) }).Where(metric => !All.Contains(metric));
        return [.. All.Concat(atRecalls).Where(metric => metric.Of(metrics).HasValue)];
    }

    /// <summary>The measure's value; null where it was not measured.</summary>
    /// <param name="metrics">The result.</param>
    public double? Of(SlcMetrics metrics) => _value(metrics) is { } value && !double.IsNaN(value) ? value : null;

    /// <summary>The measure's value for one class; null where it has none.</summary>
    /// <param name="metrics">The class's result.</param>
    public double? Of(ClassMetrics metrics) => _classValue?.Invoke(metrics);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static string Percent(double recall)
    {
        // In decimal 0.995 is 99.5 percent; in double it would be 99.50000000000000711.
        var exact = (decimal)recall;
        return (double)exact == recall
            ? (exact * 100).ToString("0.############################", CultureInfo.InvariantCulture)
            : recall.ToString("R", CultureInfo.InvariantCulture);
    }
}

using System.Globalization;
using LogitSeparation.Core.Evaluation;

namespace LogitSeparation.Core.Principle;

/// <summary>
/// Logits of a batch that violate the principle: explicit, but not held as a table where a few numbers say it all (128 x 1000
/// logits differ in three or four places).
/// </summary>
public sealed class ViolatingLogits
{
    private const long MostLogits = 1 << 27;

    private readonly ViolatingPair _pair;
    private readonly double _falseLogit;
    private readonly RowLogits _others;
    private readonly Dictionary<int, RowLogits> _rows = [];
    private readonly MemoryLogits? _table;

    /// <summary>Describes a table row by row: all rows are alike but those named, and but for one false logit.</summary>
    internal ViolatingLogits(
        int[] labels, int classCount, RowLogits others, ViolatingPair pair, double falseLogit, IEnumerable<(int Example, RowLogits Row)> rows)
    {
        (Labels, ClassCount, _others, _pair, _falseLogit) = (labels, classCount, others, pair, falseLogit);
        foreach (var (example, row) in rows)
            _rows[example] = row;
        Pair = Witness(Row(pair.TrueExample).True, falseLogit);
    }

    /// <summary>Takes a table, n x k, as it is.</summary>
    internal ViolatingLogits(int[] labels, int classCount, ViolatingPair pair, double[] table)
    {
        (Labels, ClassCount, _pair) = (labels, classCount, pair);
        _table = new(table, labels, ClassNames());
        _falseLogit = table[(pair.FalseExample * classCount) + pair.FalseClass];
        Pair = Witness(table[(pair.TrueExample * classCount) + labels[pair.TrueExample]], _falseLogit);
    }

    /// <summary>The true class of each example, 0 … k-1.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>The number of classes, k.</summary>
    public int ClassCount { get; }

    /// <summary>The true logit that is not above a false one, and that false one.</summary>
    public SeparationWitness Pair { get; }

    /// <summary>Makes the table: n x k float64 logits, for <c>Measure-SlcLoss</c> or <c>Test-SlcSeparation</c>.</summary>
    /// <exception cref="SlcException"><c>ConfigurationTooLarge</c>: more than 2^27 logits.</exception>
    public MemoryLogits ToLogits()
    {
        if (_table is not null)
            return _table;
        var (n, k) = (Labels.Count, ClassCount);
        if ((long)n * k > MostLogits)
        {
            throw new SlcException("ConfigurationTooLarge", SlcErrorKind.InvalidArgument,
                $"{n} x {k} logits are more than the {MostLogits} that are made as a table. Ask for fewer examples or classes.", this);
        }

        var table = new double[n * k];
        for (var i = 0; i < n; i++)
        {
            var row = Row(i);
            Array.Fill(table, row.False, i * k, k);
            table[(i * k) + Labels[i]] = row.True;
        }

        table[(_pair.FalseExample * k) + _pair.FalseClass] = _falseLogit;
        return new(table, [.. Labels], ClassNames());
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Labels.Count} x {ClassCount}: {Pair}";

    private RowLogits Row(int example) => _rows.TryGetValue(example, out var row) ? row : _others;

    private SeparationWitness Witness(double trueLogit, double falseLogit) => new(
        _pair.TrueExample, Name(Labels[_pair.TrueExample]), Labels[_pair.TrueExample], trueLogit,
        _pair.FalseExample, Name(_pair.FalseClass), _pair.FalseClass, falseLogit, Separation.Difference(falseLogit, trueLogit));

    private string[] ClassNames() => [.. Enumerable.Range(0, ClassCount).Select(Name)];

    private static string Name(int index) => index.ToString(CultureInfo.InvariantCulture);
}

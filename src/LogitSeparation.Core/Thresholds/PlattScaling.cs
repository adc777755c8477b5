using System.Numerics.Tensors;

namespace LogitSeparation.Core.Thresholds;

/// <summary>
/// Platt's sigmoid by regularised maximum likelihood: the labels count as (P + 1) / (P + 2) and 1 / (N + 2), so that a and b stay finite
/// where the logits separate the class perfectly. Newton's method with halved steps (H.-T. Lin, C.-J. Lin and R. C. Weng 2007, A note on
/// Platt's probabilistic outputs for support vector machines), on logits that are brought to mean 0 and variance 1 first.
/// </summary>
internal sealed class PlattScaling
{
    private const int MostSteps = 100;
    private const double Ridge = 1e-12;
    private const double SmallestStep = 1e-10;

    private readonly double[] _z;
    private readonly int _positives;
    private readonly double _high;
    private readonly double _low;
    private readonly double[] _affine;
    private readonly double[] _work;

    private PlattScaling(double[] z, int positives)
    {
        (_z, _positives) = (z, positives);
        _high = (positives + 1.0) / (positives + 2.0);
        _low = 1.0 / (z.Length - positives + 2.0);
        _affine = new double[z.Length];
        _work = new double[z.Length];
    }

    /// <summary>Fits.</summary>
    /// <param name="scores">n ≥ 1 finite logits.</param>
    /// <param name="isTrue">Which are those of examples of the class.</param>
    public static Calibration Fit(ReadOnlySpan<double> scores, ReadOnlySpan<bool> isTrue)
    {
        // True ones first: then only sums over a part and over all are needed.
        var z = new double[scores.Length];
        var (first, last) = (0, z.Length);
        for (var i = 0; i < scores.Length; i++)
            z[isTrue[i] ? first++ : --last] = scores[i];

        var unit = Math.Max(Math.Abs(TensorPrimitives.MaxMagnitude<double>(z)), double.Epsilon);
        TensorPrimitives.Divide(z, unit, z);
        var mean = TensorPrimitives.Sum(z) / z.Length;
        TensorPrimitives.Subtract(z, mean, z);
        var deviation = Math.Sqrt(TensorPrimitives.SumOfSquares(z) / z.Length);
        if (deviation > 0)
            TensorPrimitives.Divide(z, deviation, z);
        var (slope, offset) = new PlattScaling(z, first).Maximize();

        // Where logits differ by less than their largest one can resolve, or all are the same, they say nothing.
        var scale = slope / deviation / unit;
        return deviation > 0 && double.IsFinite(scale)
            ? new() { Method = CalibrationMethod.Platt, Slope = scale, Offset = offset - (slope * mean / deviation) }
            : new() { Method = CalibrationMethod.Platt, Offset = offset };
    }

    private (double A, double B) Maximize()
    {
        var (a, b) = (0.0, Math.Log((_positives + 1.0) / (_z.Length - _positives + 1.0)));
        var loss = Loss(a, b);
        for (var step = 0; step < MostSteps; step++)
        {
            var (da, db, decrease) = Direction(a, b);
            if (!(decrease > 1e-12 * Math.Max(1, Math.Abs(loss))))
                break;
            var size = 1.0;
            for (; size >= SmallestStep; size /= 2)
            {
                var next = Loss(a + (size * da), b + (size * db));
                if (next >= loss - (1e-4 * size * decrease))
                    continue;
                (a, b, loss) = (a + (size * da), b + (size * db), next);
                break;
            }

            if (size < SmallestStep)
                break;
        }

        return (a, b);
    }

    // -Σ t log p + (1 - t) log(1 - p) = Σ log(1 + exp f) - t f, with f = a z + b.
    private double Loss(double a, double b)
    {
        Affine(a, b);
        var linear = (_low * TensorPrimitives.Sum<double>(_affine)) + ((_high - _low) * TensorPrimitives.Sum<double>(_affine.AsSpan(0, _positives)));
        TensorPrimitives.Max(_affine, 0.0, _work);
        var sum = TensorPrimitives.Sum<double>(_work);
        TensorPrimitives.Abs(_affine, _affine);
        TensorPrimitives.Negate(_affine, _affine);
        TensorPrimitives.Exp(_affine, _affine);
        TensorPrimitives.Add(_affine, 1.0, _affine);
        TensorPrimitives.Log(_affine, _affine);
        return sum + TensorPrimitives.Sum<double>(_affine) - linear;
    }

    // Newton's step, and by how much the loss falls along it at first.
    private (double A, double B, double Decrease) Direction(double a, double b)
    {
        Affine(a, b);
        TensorPrimitives.Sigmoid(_affine, _work);
        var ga = TensorPrimitives.Dot<double>(_work, _z) - (_low * TensorPrimitives.Sum<double>(_z)) - ((_high - _low) * TensorPrimitives.Sum<double>(_z.AsSpan(0, _positives)));
        var gb = TensorPrimitives.Sum<double>(_work) - (_low * _z.Length) - ((_high - _low) * _positives);
        TensorPrimitives.Subtract(1.0, _work, _affine);
        TensorPrimitives.Multiply(_work, _affine, _work);
        var hbb = TensorPrimitives.Sum<double>(_work) + Ridge;
        TensorPrimitives.Multiply(_work, _z, _affine);
        var hab = TensorPrimitives.Sum<double>(_affine);
        var haa = TensorPrimitives.Dot<double>(_affine, _z) + Ridge;
        var determinant = (haa * hbb) - (hab * hab);
        var (da, db) = (-((hbb * ga) - (hab * gb)) / determinant, -((haa * gb) - (hab * ga)) / determinant);
        return (da, db, -((ga * da) + (gb * db)));
    }

    private void Affine(double a, double b)
    {
        TensorPrimitives.Multiply(_z, a, _affine);
        TensorPrimitives.Add(_affine, b, _affine);
    }
}

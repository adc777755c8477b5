namespace LogitSeparation.Core.Classes;

/// <summary>
/// The row of a head that tells one class from all others: the minimum of the penalised logistic loss
/// F(w, b) = Σ c_i log(1 + exp(-y_i z_i)) + λ/2 ‖w‖², z_i = w·x_i + b, with features x_i of mean 0 and deviation 1, and c_i such that
/// the examples of the class weigh as much as the others together. F is convex and λ > 0, so there is one minimum, whatever the
/// order of the examples. It is found by Newton's method with conjugate gradients, as in Lin, Weng and Keerthi 2008.
/// </summary>
internal sealed class RowFit
{
    private const int MostSteps = 100;
    private const int MostProducts = 250;
    private const double Tolerance = 1e-6;
    private const double SmallestDeviation = 1e-7;

    private readonly float[] _x;
    private readonly int _d;
    private readonly bool[] _isPositive;
    private readonly double[] _share;
    private readonly double _penalty;
    private readonly double[] _mean;
    private readonly double[] _deviation;

    private RowFit(FeatureTable features, bool[] isPositive, double penalty)
    {
        (_d, _isPositive, _penalty) = (features.Width, isPositive, penalty);
        var positives = isPositive.Count(value => value);
        _share = Array.ConvertAll(isPositive, value => 0.5 / (value ? positives : isPositive.Length - positives));
        (_mean, _deviation) = Measure(features);
        _x = Standardize(features);
    }

    /// <summary>Finds the row.</summary>
    /// <param name="features">The examples.</param>
    /// <param name="isPositive">Which of them are of the class: at least one, and not all.</param>
    /// <param name="penalty">λ, above 0.</param>
    /// <param name="cancellation">Looked at before each step.</param>
    public static HeadRow Find(FeatureTable features, bool[] isPositive, double penalty, CancellationToken cancellation)
    {
        var fit = new RowFit(features, isPositive, penalty);
        return fit.Unscale(fit.Minimize(cancellation));
    }

    // The last of the d + 1 numbers is b.
    private double[] Minimize(CancellationToken cancellation)
    {
        var w = new double[_d + 1];
        var z = Multiply(w);
        var smallest = double.NaN;
        for (var step = 0; step < MostSteps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var gradient = Gradient(w, z);
            var norm = Math.Sqrt(RowProducts.Dot((ReadOnlySpan<double>)gradient, gradient));
            smallest = step == 0 ? norm * Tolerance : smallest;
            if (norm <= smallest)
                break;
            var direction = Solve(gradient, z, norm);
            if (!Advance(w, z, direction, RowProducts.Dot((ReadOnlySpan<double>)gradient, direction)))
                break;
        }

        return w;
    }

    // Halves the step until the loss falls by a share of what its slope says (Armijo); false where rounding leaves nothing to gain.
    private bool Advance(double[] w, double[] z, double[] direction, double slope)
    {
        var before = Loss(w, z);
        var move = Multiply(direction);
        for (var t = 1.0; t > 1e-8; t /= 2)
        {
            var (w1, z1) = (RowProducts.Along(w, direction, t), RowProducts.Along(z, move, t));
            if (Loss(w1, z1) > before + (1e-4 * t * slope))
                continue;
            w1.CopyTo(w, 0);
            z1.CopyTo(z, 0);
            return true;
        }

        return false;
    }

    // H s = -g by conjugate gradients, only as exactly as the distance from the minimum deserves.
    private double[] Solve(double[] gradient, double[] z, double norm)
    {
        var curvature = new double[z.Length];
        for (var i = 0; i < z.Length; i++)
        {
            var e = Math.Exp(-Math.Abs(z[i]));
            curvature[i] = _share[i] * e / ((1 + e) * (1 + e));
        }

        var s = new double[_d + 1];
        var r = Array.ConvertAll(gradient, value => -value);
        var p0 = (double[])r.Clone();
        var square = RowProducts.Dot((ReadOnlySpan<double>)r, r);
        var enough = Math.Pow(Math.Min(0.1, Math.Sqrt(norm)) * norm, 2);
        for (var i = 0; i < MostProducts && square > enough; i++)
        {
            var product = MultiplyByHessian(p0, curvature);
            var bend = RowProducts.Dot((ReadOnlySpan<double>)p0, product);
            if (!(bend > 0))
                break;
            var alpha = square / bend;
            s = RowProducts.Along(s, p0, alpha);
            r = RowProducts.Along(r, product, -alpha);
            var next = RowProducts.Dot((ReadOnlySpan<double>)r, r);
            p0 = RowProducts.Along(r, p0, next / square);
            square = next;
        }

        return s;
    }

    private double[] MultiplyByHessian(double[] v, double[] curvature)
    {
        var u = Multiply(v);
        for (var i = 0; i < u.Length; i++)
            u[i] *= curvature[i];
        return Penalize(MultiplyTransposed(u), v);
    }

    private double[] Gradient(double[] w, double[] z)
    {
        var u = new double[z.Length];
        for (var i = 0; i < u.Length; i++)
            u[i] = _isPositive[i] ? -_share[i] / (1 + Math.Exp(z[i])) : _share[i] / (1 + Math.Exp(-z[i]));
        return Penalize(MultiplyTransposed(u), w);
    }

    private double Loss(double[] w, double[] z)
    {
        var sum = _penalty / 2 * RowProducts.Dot((ReadOnlySpan<double>)w.AsSpan(0, _d), w.AsSpan(0, _d));
        for (var i = 0; i < z.Length; i++)
        {
            var margin = _isPositive[i] ? z[i] : -z[i];
            sum += _share[i] * (Math.Max(-margin, 0) + Math.Log(1 + Math.Exp(-Math.Abs(margin))));
        }

        return sum;
    }

    private double[] Penalize(double[] target, double[] w)
    {
        for (var j = 0; j < _d; j++)
            target[j] += _penalty * w[j];
        return target;
    }

    private double[] Multiply(double[] v)
    {
        var narrow = Array.ConvertAll(v, value => (float)value);
        var result = new double[_isPositive.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = RowProducts.Dot((ReadOnlySpan<float>)_x.AsSpan(i * _d, _d), narrow.AsSpan(0, _d)) + v[_d];
        return result;
    }

    // Float32 over at most this many rows, float64 above.
    private double[] MultiplyTransposed(double[] u)
    {
        const int block = 64;
        var (result, sums) = (new double[_d + 1], new float[_d]);
        for (var i = 0; i < u.Length; i++)
        {
            RowProducts.AddScaled(_x.AsSpan(i * _d, _d), (float)u[i], sums);
            result[_d] += u[i];
            if (i % block != block - 1 && i != u.Length - 1)
                continue;
            for (var j = 0; j < _d; j++)
                result[j] += sums[j];
            Array.Clear(sums);
        }

        return result;
    }

    private (double[] Mean, double[] Deviation) Measure(FeatureTable features)
    {
        var (mean, square) = (new double[_d], new double[_d]);
        for (var i = 0; i < features.Count; i++)
        {
            var row = features.Row(i);
            for (var j = 0; j < _d; j++)
                mean[j] += _share[i] * row[j];
        }

        for (var i = 0; i < features.Count; i++)
        {
            var row = features.Row(i);
            for (var j = 0; j < _d; j++)
                square[j] += _share[i] * (row[j] - mean[j]) * (row[j] - mean[j]);
        }

        // A feature that is the same for all says nothing, and what rounding leaves of its deviation must not be divided by.
        var deviation = Array.ConvertAll(square, Math.Sqrt);
        for (var j = 0; j < _d; j++)
            deviation[j] = deviation[j] > SmallestDeviation * Math.Abs(mean[j]) ? deviation[j] : 0;
        return (mean, deviation);
    }

    private float[] Standardize(FeatureTable features)
    {
        var x = new float[features.Values.Length];
        for (var i = 0; i < x.Length; i++)
        {
            var j = i % _d;
            x[i] = _deviation[j] > 0 ? (float)((features.Values[i] - _mean[j]) / _deviation[j]) : 0;
        }

        return x;
    }

    private HeadRow Unscale(double[] w)
    {
        var (weight, bias) = (new float[_d], w[_d]);
        for (var j = 0; j < _d; j++)
        {
            if (!(_deviation[j] > 0))
                continue;
            weight[j] = (float)(w[j] / _deviation[j]);
            bias -= w[j] * _mean[j] / _deviation[j];
        }

        return new(weight, (float)bias);
    }
}

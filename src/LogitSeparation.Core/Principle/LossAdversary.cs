using LogitSeparation.Core.Losses;
using TorchSharp;

namespace LogitSeparation.Core.Principle;

/// <summary>
/// Looks for logits with a small loss that violate the principle: descends in float64 along the loss's own gradient, on tables
/// that violate it whatever the numbers. The false logit of the pair is the true one plus a square.
/// </summary>
/// <remarks>
/// Descent is by the signs of the gradient with a step for each number, which grows while the sign stays and halves where it
/// turns (Rprop; Riedmiller and Braun 1993): logits that a loss sends to infinity have gradients that fade exponentially, which a
/// descent by the gradient's size would follow ever more slowly.
/// </remarks>
/// <param name="loss">Any loss. Not disposed.</param>
/// <param name="labels">The n labels.</param>
/// <param name="classCount">k.</param>
/// <param name="scale">The size of logits that matters to the loss; a margin, or 1.</param>
/// <param name="step">The step of the training that a loss which samples draws for.</param>
internal sealed class LossAdversary(Loss loss, int[] labels, int classCount, double scale, long step = 0)
{
    /// <summary>The steps after which a descent is given up.</summary>
    public const int MostSteps = 1500;

    private const int Patience = 80;
    private const double Progress = 1e-9;
    private const double Growth = 1.2;

    private readonly long[] _labels = Array.ConvertAll(labels, label => (long)label);

    /// <summary>What a descent came down to.</summary>
    /// <param name="Value">The loss.</param>
    /// <param name="Logits">n x k.</param>
    /// <param name="IsAtRest">Whether it fell no more, or had come down far enough; otherwise the loss may have smaller values by far.</param>
    public sealed record Result(double Value, double[] Logits, bool IsAtRest);

    /// <summary>Descends from random logits.</summary>
    /// <param name="pair">What has to violate; null for the smallest loss of all.</param>
    /// <param name="seed">Decides where to start. Even ones start at a tie and keep it.</param>
    /// <param name="below">The loss that is small enough to stop.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <param name="mostSteps">The most steps.</param>
    public Result Minimize(ViolatingPair? pair, int seed, double below, CancellationToken cancellationToken, int mostSteps = MostSteps)
    {
        using var noGrad = torch.no_grad();
        var descent = new SignDescent(Start(seed), 0.1 * scale, scale);
        var (best, bestLogits, since) = (double.PositiveInfinity, Array.Empty<double>(), 0);
        for (var i = 0; i < mostSteps && since < Patience && best > below; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var logits = Tie(descent.Position, pair);
            var (value, gradient) = Evaluate(logits);
            if (double.IsNaN(value))
                break;
            since = value < best - (Progress * Math.Abs(best)) ? 0 : since + 1;
            if (value < best)
                (best, bestLogits) = (value, logits);
            descent.Move(Untie(gradient, descent.Position, pair));
        }

        return new(best, bestLogits, since >= Patience || best <= below);
    }

    /// <summary>The loss of a table and its gradient.</summary>
    public (double Value, double[] Gradient) Evaluate(double[] logits)
    {
        using var scope = torch.NewDisposeScope();
        var z = torch.tensor(logits, labels.Length, classCount);
        var (value, gradient) = loss.Evaluate(z, torch.tensor(_labels), step);
        return (value.item<double>(), gradient.data<double>().ToArray());
    }

    /// <summary>Small random logits, and as the last number the root of the difference of the pair.</summary>
    private double[] Start(int seed)
    {
        var random = new SplitMix64(StreamSeed.Derive(seed, StreamSeed.Adversary, 0));
        var start = new double[(labels.Length * classCount) + 1];
        for (var i = 0; i < start.Length; i++)
            start[i] = scale * ((2 * random.NextDouble()) - 1);
        if (seed % 2 == 0)
            start[^1] = 0;
        return start;
    }

    /// <summary>The table of a position: z_false = z_true + d².</summary>
    private double[] Tie(double[] position, ViolatingPair? pair)
    {
        var logits = position[..^1];
        if (pair is { } tied)
            logits[FalseIndex(tied)] = logits[TrueIndex(tied)] + (position[^1] * position[^1]);
        return logits;
    }

    private double[] Untie(double[] gradient, double[] position, ViolatingPair? pair)
    {
        var slope = new double[position.Length];
        gradient.CopyTo(slope, 0);
        if (pair is { } tied)
        {
            var falseSlope = gradient[FalseIndex(tied)];
            slope[FalseIndex(tied)] = 0;
            slope[TrueIndex(tied)] += falseSlope;
            slope[^1] = 2 * position[^1] * falseSlope;
        }

        return slope;
    }

    private int TrueIndex(ViolatingPair pair) => (pair.TrueExample * classCount) + labels[pair.TrueExample];

    private int FalseIndex(ViolatingPair pair) => (pair.FalseExample * classCount) + pair.FalseClass;

    /// <summary>The position and the step of each of its numbers.</summary>
    private sealed class SignDescent
    {
        private readonly double[] _steps;
        private readonly int[] _signs;
        private readonly double _mostStep;

        public SignDescent(double[] start, double firstStep, double mostStep)
        {
            (Position, _mostStep) = (start, mostStep);
            (_steps, _signs) = (new double[start.Length], new int[start.Length]);
            Array.Fill(_steps, firstStep);
        }

        public double[] Position { get; }

        public void Move(double[] slope)
        {
            for (var i = 0; i < slope.Length; i++)
            {
                var sign = double.IsNaN(slope[i]) ? 0 : Math.Sign(slope[i]);
                if (sign * _signs[i] > 0)
                    _steps[i] = Math.Min(_steps[i] * Growth, _mostStep);
                else if (sign * _signs[i] < 0)
                    _steps[i] /= 2;
                _signs[i] = sign;
                Position[i] -= sign * _steps[i];
            }
        }
    }
}

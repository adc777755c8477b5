namespace LogitSeparation.Core.Evaluation;

/// <summary>Where a threshold between two logits is put.</summary>
internal static class Midpoint
{
    /// <summary>The middle of two numbers, or the lower where no number lies between: the test z > t still tells them apart.</summary>
    /// <param name="lower">May be negative infinity.</param>
    /// <param name="upper">Above it.</param>
    public static double Between(double lower, double upper)
    {
        var middle = lower / 2 + upper / 2;
        return middle > lower && middle < upper ? middle : lower;
    }
}

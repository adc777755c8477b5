namespace LogitSeparation.Core.Inference;

/// <summary>An example that a class's logit alone says belongs to the class.</summary>
/// <param name="Index">The example's index in its split.</param>
/// <param name="Class">The name of the class that was asked for.</param>
/// <param name="Logit">The example's logit for that class.</param>
/// <param name="Threshold">The threshold, which the logit exceeds.</param>
/// <param name="IsTrue">Whether it is the example's true class.</param>
public sealed record Match(int Index, string Class, double Logit, double Threshold, bool IsTrue);

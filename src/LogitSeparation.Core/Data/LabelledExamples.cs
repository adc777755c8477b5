namespace LogitSeparation.Core.Data;

/// <summary>What files of one data set hold, before it is split.</summary>
/// <param name="ClassNames">One name a class; labels are indices into it.</param>
/// <param name="ExampleShape">The shape of one example: channels, height, width; or the number of features alone.</param>
/// <param name="Train">The training examples, those for validation included.</param>
/// <param name="Test">The test examples; null where they are to be taken out of the training examples.</param>
internal sealed record LabelledExamples(string[] ClassNames, int[] ExampleShape, ExampleStore Train, ExampleStore? Test)
{
    /// <summary>Whether there may be no test examples at all.</summary>
    public bool MayLackTest { get; init; }

    /// <summary>What the user should know of how the files were taken; null where there is nothing to say.</summary>
    public string? Note { get; init; }
}

namespace LogitSeparation.Core.Data;

/// <summary>The three parts of a data set.</summary>
public enum Split
{
    /// <summary>What a model is trained on.</summary>
    Train,

    /// <summary>What hyperparameters and thresholds are chosen on: held out of the training examples.</summary>
    Validation,

    /// <summary>What is reported: never seen in training or choosing.</summary>
    Test,
}

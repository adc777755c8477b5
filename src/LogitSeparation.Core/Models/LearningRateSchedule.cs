namespace LogitSeparation.Core.Models;

/// <summary>How the learning rate goes over the steps of a training; the rate that was asked for is its largest value.</summary>
public enum LearningRateSchedule
{
    /// <summary>The same at every step, as in the paper.</summary>
    Constant,

    /// <summary>Down to 0 along half a cosine (Loshchilov and Hutter 2017, without restarts).</summary>
    Cosine,

    /// <summary>Up from a twenty-fifth over the first three tenths of the steps, then down to a 250,000th (Smith and Topin 2018).</summary>
    OneCycle,
}

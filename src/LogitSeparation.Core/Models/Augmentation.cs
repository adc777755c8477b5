namespace LogitSeparation.Core.Models;

/// <summary>How training pictures are varied, anew each time they are seen.</summary>
[Flags]
public enum Augmentation
{
    /// <summary>Not at all, as in the paper.</summary>
    None = 0,

    /// <summary>Every second picture, by chance, is mirrored left to right.</summary>
    Flip = 1,

    /// <summary>
    /// Pictures are moved by up to a number of pixels in either direction, and what comes in from outside is the mean colour:
    /// the same as padding and cutting out a part of the original size.
    /// </summary>
    ShiftedCrop = 2,
}

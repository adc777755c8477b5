namespace LogitSeparation.Core.Reports;

/// <summary>
/// The colours of Okabe and Ito (Color Universal Design, 2008), which people with any of the common colour vision deficiencies
/// can tell apart. Each comes with a marker of its own, so that nothing is said by colour alone.
/// </summary>
public enum FigureColor
{
    /// <summary>Blue: true logits.</summary>
    Blue,

    /// <summary>Vermillion: false logits.</summary>
    Vermillion,

    /// <summary>Bluish green.</summary>
    Green,

    /// <summary>Orange.</summary>
    Orange,

    /// <summary>Sky blue.</summary>
    SkyBlue,

    /// <summary>Reddish purple.</summary>
    Purple,

    /// <summary>Black on white, and white on black.</summary>
    Ink,

    /// <summary>Grey, for what stands in the background.</summary>
    Grey,
}

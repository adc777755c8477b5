namespace LogitSeparation.Core.Reports;

/// <summary>What a figure is drawn on.</summary>
public enum FigureTheme
{
    /// <summary>Dark on white.</summary>
    Light,

    /// <summary>Light on near-black.</summary>
    Dark,
}

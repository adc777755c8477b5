using System.Management.Automation;

namespace LogitSeparation.PowerShell;

/// <summary>Quantities that range over many powers of ten, in views: three digits and a unit.</summary>
public static class ViewQuantity
{
    private const double ByteStep = 1024;
    private const double Step = 1000;

    private static readonly string[] Times = ["ns", "µs", "ms", "s"];
    private static readonly string[] Amounts = ["", "k", "M", "G", "T", "P"];
    private static readonly string[] Sizes = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>A time; empty where there is none.</summary>
    /// <param name="nanoseconds">The time in nanoseconds.</param>
    public static string Time(object? nanoseconds) => Show(nanoseconds, Step, Times);

    /// <summary>A number of things; empty where there is none.</summary>
    /// <param name="count">The number.</param>
    public static string Amount(object? count) => Show(count, Step, Amounts);

    /// <summary>A size in memory; empty where there is none.</summary>
    /// <param name="bytes">The number of bytes.</param>
    public static string Bytes(object? bytes) => Show(bytes, ByteStep, Sizes);

    private static string Show(object? quantity, double step, string[] units)
    {
        var plain = quantity is PSObject wrapped ? wrapped.BaseObject : quantity;
        if (plain is not (double or long or int))
            return "";
        var value = Convert.ToDouble(plain, System.Globalization.CultureInfo.InvariantCulture);
        if (!double.IsFinite(value))
            return "";
        var unit = 0;
        for (; unit < units.Length - 1 && value >= 999.5; unit++)
            value /= step;
        var format = value >= 99.95 || (units[unit] is "" or "B" && value == Math.Floor(value)) ? "F0" : value >= 9.995 ? "F1" : "F2";
        return $"{ViewText.Number(value, format)} {units[unit]}".TrimEnd();
    }
}

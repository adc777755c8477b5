using System.Runtime.InteropServices;

namespace LogitSeparation.Core.Runtime;

/// <summary>Turns what libtorch throws, which brings a page of C++ trace, into an error that says what to do.</summary>
internal static class TorchFailure
{
    /// <summary>Does a piece of work on a device.</summary>
    /// <param name="device">The device's name, for the message.</param>
    /// <param name="work">The work.</param>
    /// <exception cref="SlcException"><c>OutOfMemory</c>, <c>TorchFailed</c>.</exception>
    public static T Guard<T>(string device, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is ExternalException or OutOfMemoryException)
        {
            throw Translate(device, exception);
        }
    }

    /// <summary>Whether the memory did not suffice.</summary>
    public static bool IsMemory(Exception exception)
    {
        if (exception is not ExternalException)
            return exception is OutOfMemoryException;
        var line = FirstLine(exception);
        return line.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
            || line.Contains("not enough memory", StringComparison.OrdinalIgnoreCase)
            || line.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase);
    }

    private static string FirstLine(Exception exception) => exception.Message.Split('\n')[0].Trim();

    private static SlcException Translate(string device, Exception exception)
    {
        var line = FirstLine(exception);
        return IsMemory(exception)
            ? new("OutOfMemory", SlcErrorKind.Unavailable,
                $"The memory of '{device}' does not suffice ({line}). Use a smaller -BatchSize, fewer -HiddenUnit, or another -Device.", device, exception)
            : new("TorchFailed", SlcErrorKind.Unavailable, $"libtorch failed on '{device}': {line}", device, exception);
    }
}

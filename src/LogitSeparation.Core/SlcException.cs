namespace LogitSeparation.Core;

/// <summary>
/// An error that a user can act on: what was found, what was expected, and what to do. The message is the whole story;
/// no stack trace is needed to understand it.
/// </summary>
public sealed class SlcException : Exception
{
    /// <summary>Creates an error.</summary>
    /// <param name="errorId">A stable PascalCase identifier, e.g. <c>IdxFileTruncated</c>.</param>
    /// <param name="kind">What sort of thing is wrong.</param>
    /// <param name="message">Names the file or parameter, what was found, what was expected, and the remedy.</param>
    /// <param name="target">The file path, parameter name or value at fault.</param>
    /// <param name="innerException">The cause, where another component reported it.</param>
    public SlcException(string errorId, SlcErrorKind kind, string message, object? target = null, Exception? innerException = null)
        : base(message, innerException)
    {
        ErrorId = errorId;
        Kind = kind;
        Target = target;
    }

    /// <summary>A stable PascalCase identifier of the error.</summary>
    public string ErrorId { get; }

    /// <summary>What sort of thing is wrong.</summary>
    public SlcErrorKind Kind { get; }

    /// <summary>The file path, parameter name or value at fault.</summary>
    public object? Target { get; }
}

using System.Globalization;

namespace LogitSeparation.Core.Formats;

/// <summary>
/// Reads the one dictionary that a <c>.npy</c> header consists of: strings, True and False, and tuples of whole numbers. All else
/// is an error; nothing is evaluated.
/// </summary>
/// <param name="text">The header's text.</param>
internal sealed class PythonLiteral(string text)
{
    private int _position;

    /// <summary>Reads the dictionary.</summary>
    /// <exception cref="InvalidDataException">The text is anything else.</exception>
    public Dictionary<string, object> ReadDictionary()
    {
        var fields = new Dictionary<string, object>(StringComparer.Ordinal);
        Expect('{');
        while (!TryTake('}'))
        {
            var key = ReadString();
            Expect(':');
            if (!fields.TryAdd(key, ReadValue()))
                throw Malformed();
            if (!TryTake(',') && Peek() != '}')
                throw Malformed();
        }

        return Peek() == '\0' && _position == text.Length ? fields : throw Malformed();
    }

    private object ReadValue() => Peek() switch
    {
        '\'' or '"' => ReadString(),
        '(' => ReadTuple(),
        'T' => ReadWord("True", true),
        'F' => ReadWord("False", false),
        '[' => throw new InvalidDataException("its elements are records (a structured type), and plain numbers or strings are read"),
        _ => throw Malformed(),
    };

    private string ReadString()
    {
        var quote = Peek();
        if (quote is not ('\'' or '"'))
            throw Malformed();
        var end = text.IndexOf(quote, _position + 1);
        if (end < 0)
            throw Malformed();
        var value = text[(_position + 1)..end];
        _position = end + 1;
        return value;
    }

    private int[] ReadTuple()
    {
        var lengths = new List<int>();
        Expect('(');
        while (!TryTake(')'))
        {
            lengths.Add(ReadNumber());
            if (!TryTake(',') && (Peek() != ')' || lengths.Count == 1))
                throw Malformed();
        }

        return [.. lengths];
    }

    private int ReadNumber()
    {
        Peek();
        var start = _position;
        while (_position < text.Length && char.IsAsciiDigit(text[_position]))
            _position++;
        var digits = text.AsSpan(start, _position - start);
        if (digits.IsEmpty)
            throw Malformed();
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw new InvalidDataException($"its header claims a length of {digits}, more than an array can have");
        if (_position < text.Length && text[_position] == 'L')
            _position++; // Python 2 wrote long integers so.
        return number;
    }

    private bool ReadWord(string word, bool value)
    {
        if (string.CompareOrdinal(text, _position, word, 0, word.Length) != 0)
            throw Malformed();
        _position += word.Length;
        return value;
    }

    private char Peek()
    {
        while (_position < text.Length && text[_position] is ' ' or '\n' or '\t' or '\r')
            _position++;
        return _position < text.Length ? text[_position] : '\0';
    }

    private bool TryTake(char expected)
    {
        if (Peek() != expected || _position == text.Length)
            return false;
        _position++;
        return true;
    }

    private void Expect(char expected)
    {
        if (!TryTake(expected))
            throw Malformed();
    }

    private static InvalidDataException Malformed() => new("its header is not the dictionary that NumPy writes");
}

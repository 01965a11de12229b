namespace Instrumentator.Testing;

/// <summary>A line of a text, with a read position.</summary>
/// <param name="text">The line without its line feed.</param>
/// <param name="number">The number of the line, starting at 1.</param>
internal sealed class SourceLine(string text, int number)
{
    private int _at;

    public bool IsAtEnd => _at == text.Length;

    /// <summary>The next character; a line feed at the end.</summary>
    public char Next => IsAtEnd ? '\n' : text[_at];

    /// <summary>Returns the lines of a text. The text after the last line feed is a line, which may be empty.</summary>
    public static SourceLine[] Split(string text) =>
        [.. text.Split('\n').Select((line, i) => new SourceLine(line, i + 1))];

    public bool Is(string whole) => text == whole;

    public bool Take(char c)
    {
        if (Next != c)
            return false;
        _at++;
        return true;
    }

    /// <summary>Takes the next character, whatever it is.</summary>
    public char Take() => IsAtEnd ? throw Expected("more") : text[_at++];

    public string TakeWhile(Func<char, bool> goesOn)
    {
        var start = _at;
        while (!IsAtEnd && goesOn(text[_at]))
            _at++;
        return text[start.._at];
    }

    /// <summary>Takes the text before the next blank or the end.</summary>
    public string TakeWord() => TakeWhile(c => c is not (' ' or '\t'));

    public string TakeRest() => TakeWhile(_ => true);

    public void SkipBlanks() => TakeWhile(c => c is ' ' or '\t');

    public void Expect(char c)
    {
        if (!Take(c))
            throw Expected(c == ' ' ? "one space" : $"a {c}");
    }

    public void ExpectEnd()
    {
        if (!IsAtEnd)
            throw Expected("nothing more");
    }

    /// <summary>Returns the exception for a rule that the line breaks.</summary>
    public ScrapeFormatException Error(string rule) => new(number, text, rule);

    /// <summary>Returns the exception for unexpected text, which starts <paramref name="back"/> characters before the
    /// read position.</summary>
    public ScrapeFormatException Expected(string what, int back = 0) =>
        Error($"Expected {what}, not {ShownStart(text[(_at - back)..])}");

    private static string ShownStart(string rest) => rest switch
    {
        "" => "the end of the line",
        [' ', ..] => "a space",
        _ => ScrapeFormatException.Shown(rest.Length > 40 ? rest[..40] + "…" : rest),
    };
}

namespace Instrumentator.Testing;

/// <summary>A line of a text, and how far it was read.</summary>
/// <param name="text">The line without its line feed.</param>
/// <param name="number">Which one it is; the first one is 1.</param>
internal sealed class SourceLine(string text, int number)
{
    private int _at;

    public bool IsAtEnd => _at == text.Length;

    /// <summary>The character that comes next; a line feed at the end.</summary>
    public char Next => IsAtEnd ? '\n' : text[_at];

    /// <summary>The lines of a text. What stands behind the last line feed is one more, maybe empty.</summary>
    public static SourceLine[] Split(string text) => [.. text.Split('\n').Select((line, i) => new SourceLine(line, i + 1))];

    public bool Is(string whole) => text == whole;

    public bool Take(char c)
    {
        if (Next != c)
            return false;
        _at++;
        return true;
    }

    /// <summary>Takes the next character, whichever it is.</summary>
    public char Take() => IsAtEnd ? throw Expected("more") : text[_at++];

    public string TakeWhile(Func<char, bool> goesOn)
    {
        var start = _at;
        while (!IsAtEnd && goesOn(text[_at]))
            _at++;
        return text[start.._at];
    }

    /// <summary>Takes what stands before the next blank or the end.</summary>
    public string TakeWord() => TakeWhile(c => c is not (' ' or '\t'));

    public string TakeRest() => TakeWhile(_ => true);

    public void SkipBlanks() => TakeWhile(c => c is ' ' or '\t');

    public void Expect(char c)
    {
        if (!Take(c))
            throw Expected(c == ' ' ? "one blank" : $"a {c}");
    }

    public void ExpectEnd()
    {
        if (!IsAtEnd)
            throw Expected("nothing more");
    }

    /// <summary>The line breaks a rule.</summary>
    public ScrapeFormatException Error(string rule) => new(number, text, rule);

    /// <summary>Something else should stand here, behind so many characters that were taken already.</summary>
    public ScrapeFormatException Expected(string what, int back = 0) =>
        Error($"There should be {what}, not {ShownStart(text[(_at - back)..])}");

    private static string ShownStart(string rest) => rest switch
    {
        "" => "the end of the line",
        [' ', ..] => "a blank",
        _ => ScrapeFormatException.Shown(rest.Length > 40 ? rest[..40] + "…" : rest),
    };
}

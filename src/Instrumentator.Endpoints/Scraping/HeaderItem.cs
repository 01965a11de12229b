using System.Globalization;

namespace Instrumentator;

/// <summary>An item of a list header, or the only item of another header: a value and its parameters, for example
/// <c>text/plain; version=0.0.4; q=0.5</c>.</summary>
/// <remarks>Parameter names are case-insensitive: RFC 9110, 5.6.6.</remarks>
internal readonly ref struct HeaderItem
{
    // A longer text is not a weight: RFC 9110 has three decimals; floats of careless clients have more.
    private const int LongestWeight = 24;

    private readonly ReadOnlySpan<char> _parameters;

    public HeaderItem(ReadOnlySpan<char> item)
    {
        Value = Cut(ref item, ';');
        _parameters = item;
    }

    /// <summary>Gets the text before the parameters.</summary>
    public ReadOnlySpan<char> Value { get; }

    /// <summary>Gets the weight, from 0 (not acceptable) to 1; 0 if it cannot be parsed: RFC 9110, 12.4.2.</summary>
    public double Weight => Parameter("q") is { IsEmpty: false } text ? ReadWeight(text) : 1;

    /// <summary>Returns the first parameter of this name, without quotes. An empty one counts as missing.</summary>
    public ReadOnlySpan<char> Parameter(ReadOnlySpan<char> name)
    {
        var left = _parameters;
        while (!left.IsEmpty)
        {
            var parameter = Cut(ref left, ';');
            if (parameter.Length > name.Length
                && parameter[name.Length] == '='
                && parameter.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return parameter[(name.Length + 1)..].Trim('"');
            }
        }
        return default;
    }

    /// <summary>Removes and returns the first part of a text, up to a separator outside of quotes.</summary>
    public static ReadOnlySpan<char> Cut(scoped ref ReadOnlySpan<char> text, char separator)
    {
        var end = End(text, separator);
        var part = text[..end].Trim();
        text = end == text.Length ? default : text[(end + 1)..];
        return part;
    }

    private static int End(ReadOnlySpan<char> text, char separator)
    {
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
                quoted = !quoted;
            else if (quoted && text[i] == '\\')
                i++;
            else if (!quoted && text[i] == separator)
                return i;
        }
        return text.Length;
    }

    private static double ReadWeight(ReadOnlySpan<char> text) =>
        text.Length <= LongestWeight
        && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight)
        && weight <= 1
            ? weight
            : 0;
}

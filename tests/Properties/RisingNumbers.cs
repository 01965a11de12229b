namespace Instrumentator.Properties;

/// <summary>The numbers in scrapes that must never fall. Checks that from scrape to scrape no number falls or
/// disappears, and that no series occurs twice in a scrape.</summary>
internal sealed class RisingNumbers
{
    private readonly Dictionary<string, (double Value, int Scrape)> _last = new(StringComparer.Ordinal);
    private int _seen;

    /// <summary>The number of finished scrapes.</summary>
    public int Scrapes { get; private set; }

    public void Note(string series, double value)
    {
        var isKnown = _last.TryGetValue(series, out var before);
        if (isKnown && before.Scrape == Scrapes)
            throw new FormatException($"{series} is there twice.");
        if (!(value >= (isKnown ? before.Value : 0)))
            throw new FormatException($"{series} is {value} after {before.Value}.");
        _last[series] = (value, Scrapes);
        _seen++;
    }

    public void EndScrape()
    {
        if (_seen != _last.Count)
            throw new FormatException($"{_last.First(one => one.Value.Scrape != Scrapes).Key} is gone.");
        (Scrapes, _seen) = (Scrapes + 1, 0);
    }
}

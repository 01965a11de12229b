namespace Instrumentator.Shared;

/// <summary>The series of a family, a line each: the label values, then the number; a histogram's is its count, a
/// summary's its sum.</summary>
internal static class SeriesLines
{
    public static string[] Series(this Registry registry, string family) =>
        [
            .. from one in registry.Scrape().Families
            where one.Definition.Name == family
            from sample in one.Samples
            let number = sample.Value.Match(
                counter => counter.Value,
                gauge => gauge.Value,
                histogram => histogram.Count,
                summary => summary.Sum)
            select string.Join(' ', [.. sample.Labels.Values, FormattableString.Invariant($"{number}")]),
        ];

    /// <summary>Waits until a family has these series: a server records a request when its response may long be
    /// there.</summary>
    public static async Task ExpectAsync(this Registry registry, string family, params string[] series)
    {
        var seen = await Poll.UntilAsync(
            () => Task.FromResult(registry.Series(family)),
            seen => seen.Order(StringComparer.Ordinal).SequenceEqual(series.Order(StringComparer.Ordinal)),
            TimeSpan.FromSeconds(30));
        Assert.Equal(series.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }
}

using Microsoft.Extensions.Primitives;

namespace Instrumentator.Properties;

/// <summary>No rule depends on the culture of the thread. In Turkish, I is not the upper case of i; in German, the
/// decimal separator is a comma; in Arabic and Persian, the minus sign is two characters.</summary>
public class CultureProps
{
    private static readonly string[] _cultures = ["tr-TR", "az-Latn-AZ", "ar-SA", "de-DE", "fa-IR"];

    [Property]
    public void Labels_and_numbers_of_a_request_are_the_same_under_every_culture(RequestFacts facts, Config config) =>
        AssertSame(() => Info.From(facts, config));

    [Property]
    public void What_a_reader_accepts_is_the_same_under_every_culture(AcceptHeader header) =>
        AssertSame(() => (Accept.Choose(header.Value).ContentType, AcceptEncoding.TakesGzip(header.Value)));

    [Theory]
    [InlineData("2.5")]
    [InlineData("2,5")]
    [InlineData("1.234,5")]
    [InlineData("٢")]
    public void The_scrape_timeout_is_the_same_under_every_culture(string header) =>
        AssertSame(() => ScrapeTimeout.Of(new StringValues(header), TimeSpan.FromMinutes(1)));

    [Fact]
    public void Validation_errors_are_the_same_under_every_culture() => AssertSame(() =>
    {
        var config = new Config
        {
            BodyLimit = -5,
            AsyncTimeout = TimeSpan.FromSeconds(-1.5),
            LatencyDecimals = -1_000,
            ExtraMethods = ["i", "I"],
        };
        return string.Join('\n', config.Validate());
    });

    private static void AssertSame<T>(Func<T> action)
    {
        var expected = Culture.Run("", action);
        Assert.All(_cultures, culture => Assert.Equal(expected, Culture.Run(culture, action)));
    }
}

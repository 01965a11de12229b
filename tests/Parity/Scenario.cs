using System.Text.Json;
using System.Text.Json.Serialization;

namespace Instrumentator.Parity;

/// <summary>One recorded run of the original: how it was set up, what was asked, and what it answered.</summary>
internal sealed record Scenario
{
    public required string Name { get; init; }

    public required string About { get; init; }

    public string[] Tags { get; init; } = [];

    [JsonPropertyName("instrumentator")]
    public required ConstructorArguments Constructor { get; init; }

    public required Addition[] Add { get; init; }

    public required InstrumentArguments Instrument { get; init; }

    /// <summary>The arguments of <c>expose()</c>; null when it was not called.</summary>
    public required ExposeArguments? Expose { get; init; }

    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    public required RequestScript[] Requests { get; init; }

    public ScrapeScript Scrape { get; init; } = new();

    public BugText? Bug { get; init; }

    public required JsonElement Expect { get; init; }

    /// <summary>What the original answered, its bugs included.</summary>
    public Result Original => Expect.TryGetProperty("original", out _) ? Json.Read<BugExpectation>(Expect).Original : Json.Read<Result>(Expect);

    /// <summary>The path that is scraped.</summary>
    public string ScrapePath => Scrape.Path ?? Expose?.Endpoint ?? "/metrics";
}

/// <summary>A request as it is sent, and the clock while it runs.</summary>
internal sealed record RequestScript
{
    public required string Method { get; init; }

    /// <summary>The raw request target.</summary>
    public required string Path { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public string? Body { get; init; }

    /// <summary>Came in, response started, done: in seconds.</summary>
    public double[] Clock { get; init; } = [0, 0, 0];

    /// <summary>Whether it is held until the scrape is done.</summary>
    public bool InFlight { get; init; }
}

/// <summary>What the final scrape does otherwise than usual.</summary>
internal sealed record ScrapeScript
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public string? Path { get; init; }

    public double[] Clock { get; init; } = [0, 0, 0];
}

/// <summary>What is wrong in the original, and what would be right.</summary>
internal sealed record BugText(string What, string Sane);

/// <summary>The expectation of a scenario about a bug.</summary>
internal sealed record BugExpectation(string OriginalBug, string Sane, Result Original);

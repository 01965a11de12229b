using System.Text.Json;
using System.Text.Json.Serialization;

namespace Instrumentator.Parity;

/// <summary>One recorded run of the original: its set-up, its requests and its responses.</summary>
internal sealed record Scenario
{
    public required string Name { get; init; }

    public required string About { get; init; }

    public string[] Tags { get; init; } = [];

    [JsonPropertyName("instrumentator")]
    public required ConstructorArguments Constructor { get; init; }

    public required Addition[] Add { get; init; }

    public required InstrumentArguments Instrument { get; init; }

    /// <summary>Gets the arguments of <c>expose()</c>, or null if it was not called.</summary>
    public required ExposeArguments? Expose { get; init; }

    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    public required RequestScript[] Requests { get; init; }

    public ScrapeScript Scrape { get; init; } = new();

    public BugText? Bug { get; init; }

    public required JsonElement Expect { get; init; }

    /// <summary>Gets the result of the original, including its bugs.</summary>
    public Result Original => Expect.TryGetProperty("original", out _)
        ? Json.Read<BugExpectation>(Expect).Original
        : Json.Read<Result>(Expect);

    /// <summary>Gets the path of the scrape.</summary>
    public string ScrapePath => Scrape.Path ?? Expose?.Endpoint ?? "/metrics";
}

/// <summary>A request as the client sends it, and the clock while it runs.</summary>
internal sealed record RequestScript
{
    public required string Method { get; init; }

    /// <summary>Gets the raw request target.</summary>
    public required string Path { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public string? Body { get; init; }

    /// <summary>Gets the times when the request started, its response started and the request ended, in
    /// seconds.</summary>
    public double[] Clock { get; init; } = [0, 0, 0];

    /// <summary>Gets whether the request is held until the scrape has ended.</summary>
    public bool InFlight { get; init; }
}

/// <summary>The deviations of the final scrape from the usual one.</summary>
internal sealed record ScrapeScript
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public string? Path { get; init; }

    public double[] Clock { get; init; } = [0, 0, 0];
}

/// <summary>A bug of the original, and the correct behavior.</summary>
internal sealed record BugText(string What, string Sane);

/// <summary>The expectation of a scenario about a bug.</summary>
internal sealed record BugExpectation(string OriginalBug, string Sane, Result Original);

using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Instrumentator.Parity;

/// <summary>The arguments of the original's constructor, with their defaults.</summary>
internal sealed record ConstructorArguments
{
    public bool ShouldGroupStatusCodes { get; init; } = true;

    public bool ShouldIgnoreUntemplated { get; init; }

    public bool ShouldGroupUntemplated { get; init; } = true;

    public bool ShouldRoundLatencyDecimals { get; init; }

    public bool ShouldRespectEnvVar { get; init; }

    public bool ShouldInstrumentRequestsInprogress { get; init; }

    public bool ShouldExcludeStreamingDuration { get; init; }

    public string[] ExcludedHandlers { get; init; } = [];

    public string[] BodyHandlers { get; init; } = [];

    /// <summary>Gets the number of decimals. Null rounds to whole numbers, as Python's <c>round</c> does.</summary>
    public int? RoundLatencyDecimals { get; init; } = 4;

    public string EnvVarName { get; init; } = "ENABLE_METRICS";

    public string InprogressName { get; init; } = "http_requests_inprogress";

    public bool InprogressLabels { get; init; }

    public string? Registry { get; init; }
}

/// <summary>The arguments of the original's <c>instrument()</c>, for its default metrics.</summary>
internal record InstrumentArguments
{
    public string? MetricNamespace { get; init; }

    public string? MetricSubsystem { get; init; }

    [JsonPropertyName("should_only_respect_2xx_for_highr")]
    public bool ShouldOnlyRespect2xxForHighr { get; init; }

    public JsonElement[]? LatencyHighrBuckets { get; init; }

    public JsonElement[]? LatencyLowrBuckets { get; init; }
}

/// <summary>The arguments of the original's <c>metrics.default()</c>.</summary>
internal sealed record DefaultArguments : InstrumentArguments
{
    public bool ShouldExcludeStreamingDuration { get; init; }

    public string? Registry { get; init; }

    public JsonObject? CustomLabels { get; init; }
}

/// <summary>The arguments that the original's other metric functions share.</summary>
internal record MetricArguments
{
    public string? MetricName { get; init; }

    public string? MetricDoc { get; init; }

    public string? MetricNamespace { get; init; }

    public string? MetricSubsystem { get; init; }

    public bool ShouldIncludeHandler { get; init; } = true;

    public bool ShouldIncludeMethod { get; init; } = true;

    public bool ShouldIncludeStatus { get; init; } = true;

    public string? Registry { get; init; }

    public JsonObject? CustomLabels { get; init; }
}

/// <summary>The arguments of the original's <c>metrics.latency()</c>.</summary>
internal sealed record LatencyArguments : MetricArguments
{
    public bool ShouldExcludeStreamingDuration { get; init; }

    public JsonElement[]? Buckets { get; init; }
}

/// <summary>The arguments of the original's <c>expose()</c>.</summary>
internal sealed record ExposeArguments
{
    public bool ShouldGzip { get; init; }

    public string Endpoint { get; init; } = "/metrics";

    public bool IncludeInSchema { get; init; } = true;

    public string[]? Tags { get; init; }
}

/// <summary>One call of the original's <c>add()</c>.</summary>
internal sealed record Addition
{
    /// <summary>Gets the metric function's name, <c>probe</c>, <c>async_probe</c>, or null for
    /// <c>add(None)</c>.</summary>
    public required string? Metric { get; init; }

    public JsonElement? Args { get; init; }

    /// <summary>Reads the arguments as those of one function. An unknown argument is an error.</summary>
    public T Read<T>()
        where T : new() => Args is { } given ? Json.Read<T>(given) : new T();
}

/// <summary>The arguments of a function without parameters.</summary>
internal sealed record NoArguments;

using System.Reflection;

namespace Instrumentator;

/// <summary>The metric <c>target_info</c>: the resource attributes of OpenTelemetry.</summary>
/// <remarks>See https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/ and
/// https://opentelemetry.io/docs/specs/otel/resource/sdk/#specifying-resource-information-via-an-environment-variable.
/// </remarks>
internal static class TargetInfo
{
    private const string Name = "service.name";

    /// <summary>Returns its collector.</summary>
    /// <param name="given">Attributes that an app sets. A null is not set.</param>
    /// <param name="read">Reads an environment variable.</param>
    public static InfoCollector Collector(
        IEnumerable<KeyValuePair<string, string?>> given, Func<string, string?> read)
    {
        var assembly = Assembly.GetEntryAssembly();
        var attributes = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [Name] = assembly?.GetName().Name,
            ["service.version"] = InformationalVersion.Of(assembly).Version,
        };
        Set(attributes, Parse(read("OTEL_RESOURCE_ATTRIBUTES")));
        Set(attributes, [new(Name, read("OTEL_SERVICE_NAME"))]);
        Set(attributes, given);
        return new("target_info", "Target metadata", InfoCollector.LabelsOf(attributes));
    }

    // As in service.version=1.2,team=a%20b. A part that cannot be read is left out.
    private static IEnumerable<KeyValuePair<string, string?>> Parse(string? attributes) =>
        from attribute in (attributes ?? "").Split(',')
        let at = attribute.IndexOf('=', StringComparison.Ordinal)
        where at >= 0
        let key = attribute[..at].Trim()
        where key.Length > 0
        select KeyValuePair.Create(key, (string?)Uri.UnescapeDataString(attribute[(at + 1)..].Trim()));

    private static void Set(
        Dictionary<string, string?> attributes, IEnumerable<KeyValuePair<string, string?>> others)
    {
        foreach (var (key, value) in others)
        {
            if (!string.IsNullOrEmpty(value))
                attributes[key] = value;
        }
    }
}

namespace Instrumentator.Properties.Reference;

/// <summary>The expected metrics of requests by the rules: one request after the other, with no state except the
/// paths.</summary>
internal static class NaiveRequests
{
    /// <summary>Returns the values of sequential requests by the rules: the first paths become labels, further paths
    /// share one label.</summary>
    public static IEnumerable<Info> Infos(IReadOnlyList<RequestFacts> requests, Config config)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var facts in requests)
        {
            if (Info.From(facts, config) is not { } info)
                continue;
            var isPath = string.IsNullOrEmpty(facts.Template) && config.Untemplated is Untemplated.ByPath;
            var isOver = isPath
                && !paths.Contains(info.Handler)
                && paths.Count >= ((Untemplated.ByPath)config.Untemplated).Limit;
            if (isPath && !isOver)
                paths.Add(info.Handler);
            yield return isOver
                ? Info.From(facts, config with { Untemplated = Untemplated.Group("none") })!.Value
                : info;
        }
    }

    /// <summary>Returns the operations of the default metrics for requests: their registrations and writes.</summary>
    public static IEnumerable<Operation> DefaultMetrics(IEnumerable<Info> infos, bool toFirstByte)
    {
        foreach (var definition in OriginalFamilies.All)
            yield return new Operation.Register(definition);
        foreach (var info in infos)
        {
            var seconds = toFirstByte ? info.DurationWithoutStreaming : info.Duration;
            yield return new Operation.Write(
                "http_requests_total",
                [info.Handler, info.Method, info.Status],
                1,
                Otherwise: true);
            yield return new Operation.Write(
                "http_request_size_bytes",
                [info.Handler],
                info.RequestSize,
                Otherwise: false);
            yield return new Operation.Write(
                "http_response_size_bytes",
                [info.Handler],
                info.ResponseSize,
                Otherwise: false);
            yield return new Operation.Write("http_request_duration_highr_seconds", [], seconds, Otherwise: false);
            yield return new Operation.Write(
                "http_request_duration_seconds",
                [info.Handler, info.Method],
                seconds,
                Otherwise: false);
        }
    }
}

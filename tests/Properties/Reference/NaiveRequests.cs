namespace Instrumentator.Properties.Reference;

/// <summary>What requests leave, read from the rules: one request after the other, with nothing remembered but the paths.</summary>
internal static class NaiveRequests
{
    /// <summary>What the rules make of requests that come one after the other: the first paths are labels, the rest is one.</summary>
    public static IEnumerable<Info> Infos(IReadOnlyList<RequestFacts> requests, Config config)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var facts in requests)
        {
            if (Info.From(facts, config) is not { } info)
                continue;
            var isPath = string.IsNullOrEmpty(facts.Template) && config.Untemplated is Untemplated.ByPath;
            var isOver = isPath && !paths.Contains(info.Handler) && paths.Count >= ((Untemplated.ByPath)config.Untemplated).Limit;
            if (isPath && !isOver)
                paths.Add(info.Handler);
            yield return isOver ? Info.From(facts, config with { Untemplated = Untemplated.Group("none") })!.Value : info;
        }
    }

    /// <summary>What the default metrics do for requests: their families, and a line for each write.</summary>
    public static IEnumerable<Operation> DefaultMetrics(IEnumerable<Info> infos, bool toFirstByte)
    {
        foreach (var definition in OriginalFamilies.All)
            yield return new Operation.Register(definition);
        foreach (var info in infos)
        {
            var seconds = toFirstByte ? info.DurationWithoutStreaming : info.Duration;
            yield return new Operation.Write("http_requests_total", [info.Handler, info.Method, info.Status], 1, Otherwise: true);
            yield return new Operation.Write("http_request_size_bytes", [info.Handler], info.RequestSize, Otherwise: false);
            yield return new Operation.Write("http_response_size_bytes", [info.Handler], info.ResponseSize, Otherwise: false);
            yield return new Operation.Write("http_request_duration_highr_seconds", [], seconds, Otherwise: false);
            yield return new Operation.Write("http_request_duration_seconds", [info.Handler, info.Method], seconds, Otherwise: false);
        }
    }
}

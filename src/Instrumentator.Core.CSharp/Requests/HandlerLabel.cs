namespace Instrumentator;

/// <summary>The rule of the handler label: the route template, or what is made of a request without one.</summary>
public static class HandlerLabel
{
    /// <summary>The label of paths that are too many to be labels of their own.</summary>
    public const string None = "none";

    /// <summary>The label; null when the request leaves no trace.</summary>
    /// <param name="template">The route template; null or empty when no route was matched.</param>
    /// <param name="path">The path, read when there is no template.</param>
    /// <param name="config">Tells what is excluded, and what becomes of a request without a route.</param>
    /// <remarks>Pure, so it cannot count: that at most <see cref="Untemplated.ByPath.Limit"/> paths become labels is held where requests are recorded.</remarks>
    public static string? Of(string? template, string? path, Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return Of(template, path, config, PatternSet.Cached(config.ExcludedHandlers));
    }

    internal static string? Of(string? template, string? path, Config config, PatternSet excluded)
    {
        var templated = !string.IsNullOrEmpty(template);
        var original = templated ? template! : path ?? "";
        if (!templated && config.Untemplated is Untemplated.Ignored || excluded.IsMatch(original))
            return null;
        return templated || config.Untemplated is Untemplated.ByPath ? original : (config.Untemplated as Untemplated.Grouped)?.Handler ?? None;
    }
}

namespace Instrumentator;

/// <summary>The rule for the handler label: the route template, or a label for requests without one.</summary>
internal static class HandlerLabel
{
    /// <summary>The label of paths that are too many to get labels of their own.</summary>
    public const string None = "none";

    /// <summary>Returns the handler label, or null when the request is not recorded.</summary>
    /// <param name="template">The route template; null or empty when no route matched.</param>
    /// <param name="path">The path, used when there is no template.</param>
    /// <param name="config">Defines the excluded handlers and the handling of requests without a route.</param>
    /// <remarks>Pure, so it cannot count: the code that records requests enforces that at most
    /// <see cref="Untemplated.ByPath.Limit"/> paths become labels. Patterns are searched in the whole template or path,
    /// however long it is; the label is cut.</remarks>
    public static string? Of(string? template, string? path, Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return Of(template, path, config, PatternSet.Cached(config.ExcludedHandlers));
    }

    internal static string? Of(
        string? template,
        string? path,
        Config config,
        PatternSet excluded,
        Action<string>? timedOut = null)
    {
        var templated = !string.IsNullOrEmpty(template);
        var original = templated ? template! : path ?? "";
        if (!templated && config.Untemplated is Untemplated.Ignored || excluded.IsMatch(original, timedOut))
            return null;
        return templated || config.Untemplated is Untemplated.ByPath
            ? LabelLength.Cut(original)
            : (config.Untemplated as Untemplated.Grouped)?.Handler ?? None;
    }
}

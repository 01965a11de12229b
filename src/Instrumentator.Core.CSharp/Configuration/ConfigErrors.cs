namespace Instrumentator;

/// <summary>The rules for the plain values of a configuration. Each error names the value, the rule, and how to correct
/// it.</summary>
internal static class ConfigErrors
{
    private static readonly TimeSpan _longestTimeout = TimeSpan.FromDays(1);

    /// <summary>Returns the error for a list that is null.</summary>
    /// <param name="list">The name of the list.</param>
    public static string NullList(string list) => $"{list} is null. For none, use an empty list, [].";

    /// <summary>Returns the error for a list of buckets that is null.</summary>
    /// <param name="list">The name of the list.</param>
    public static string NullBuckets(string list) => $"{list} is null. For the defaults, do not set it.";

    public static IEnumerable<string> Of(Config config)
    {
        if (config.BodyLimit < 0)
        {
            yield return FormattableString.Invariant(
                $"BodyLimit is {config.BodyLimit}, but must be 0 or more bytes. ")
                + "To keep no body, leave BodyHandlers empty.";
        }
        if (config.EnabledBy is { } name && string.IsNullOrWhiteSpace(name))
            yield return "EnabledBy is blank, but names an environment variable. To have no switch, use null.";
        if (!Enum.IsDefined(config.HandlerTemplate))
        {
            yield return FormattableString.Invariant(
                $"HandlerTemplate is {(int)config.HandlerTemplate}, which is not one of its values. ")
                + "Use HandlerTemplate.Names or HandlerTemplate.Raw.";
        }
        if (!Enum.IsDefined(config.ClientAborts))
        {
            yield return FormattableString.Invariant(
                $"ClientAborts is {(int)config.ClientAborts}, which is not one of its values. ")
                + "Use ClientAborts.Status499, ClientAborts.OwnGroup or ClientAborts.AsAnswered.";
        }
        if (!Enum.IsDefined(config.BodySizes))
        {
            yield return FormattableString.Invariant(
                $"BodySizes is {(int)config.BodySizes}, which is not one of its values. ")
                + "Use BodySizes.ContentLength or BodySizes.Actual.";
        }
        foreach (var error in config.LongLived is { } longLived ? Of(longLived) : [])
            yield return error;
        foreach (var error in Of(config.Untemplated).Concat(OfStaticAssets(config.StaticAssets)))
            yield return error;
        foreach (var label in config.InProgress?.RequestLabels?.Where(label => label is { NeedsResponse: true }) ?? [])
        {
            yield return $"InProgress.RequestLabels contains the label \"{label.Name}\", "
                + "which is unknown while a request is in progress. Remove it.";
        }
        if (config.Exemplars is { Interval: var interval } && interval < TimeSpan.Zero)
        {
            yield return FormattableString.Invariant(
                $"Exemplars.Interval is {interval}, but must be zero or more. ")
                + "To keep every exemplar, use TimeSpan.Zero.";
        }
        if (config.AsyncTimeout <= TimeSpan.Zero || config.AsyncTimeout > _longestTimeout)
        {
            yield return FormattableString.Invariant(
                $"AsyncTimeout is {config.AsyncTimeout}, but must be above 0 and at most one day. ")
                + "The default is 5 seconds.";
        }
        if (config.ExtraMethods is null)
            yield return NullList(nameof(Config.ExtraMethods));
        if (config.InProgress is { CustomLabels: null })
            yield return NullList("InProgress.CustomLabels");
        foreach (var method in (config.ExtraMethods ?? []).Where(method => !MethodLabel.IsToken(method)))
        {
            yield return $"ExtraMethods holds \"{method}\", which is not an HTTP method: "
                + "use letters, digits and !#$%&'*+-.^_`|~ (RFC 9110, 5.6.2).";
        }
    }

    private static IEnumerable<string> Of(LongLivedOptions options)
    {
        if (options.CustomLabels is null)
            yield return NullList("LongLived.CustomLabels");
        if (options.DurationBuckets is null)
            yield return NullBuckets("LongLived.DurationBuckets");
        if (options.ContentTypes is null)
        {
            yield return NullList("LongLived.ContentTypes");
        }
        else if (options.ContentTypes.Any(string.IsNullOrWhiteSpace))
        {
            yield return "LongLived.ContentTypes contains blank text, which would match every content type. "
                + "Remove it; to match no content type, use [].";
        }
    }

    private static IEnumerable<string> Of(Untemplated untemplated) => untemplated switch
    {
        Untemplated.Grouped { Handler: null } =>
            ["Untemplated.Group has no label. Specify one, for example \"none\", or \"\" for an empty label."],
        Untemplated.ByPath { Limit: < 1 } path =>
            [
                FormattableString.Invariant(
                    $"Untemplated.Path has the limit {path.Limit}, but must be 1 or more. ")
                    + "To have no paths as labels, use Untemplated.Group()."
            ],
        null => ["Untemplated is null. Use Untemplated.Group(), Untemplated.Ignore or Untemplated.Path()."],
        _ => [],
    };

    private static IEnumerable<string> OfStaticAssets(string? label) => label is null || label.Trim().Length > 0
        ? []
        : ["StaticAssets is blank, but is a handler label. To label each file with its own route, use null."];
}

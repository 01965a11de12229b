using static Instrumentator.ConfigurationValues;

namespace Instrumentator;

/// <summary>The keys of rules.</summary>
internal static class RuleKeys
{
    private static readonly ConfigurationKeys<ExemplarOptions> _exemplars = new()
    {
        { nameof(ExemplarOptions.Interval), Time, it => it.Interval, (it, value) => it with { Interval = value } },
    };

    /// <summary>Gets the keys of all rules.</summary>
    public static ConfigurationKeys<Config> All { get; } = new()
    {
        {
            nameof(Config.GroupStatusCodes), Flag,
            it => it.GroupStatusCodes, (it, value) => it with { GroupStatusCodes = value }
        },
        {
            nameof(Config.Untemplated), new UntemplatedValue(),
            it => it.Untemplated, (it, value) => it with { Untemplated = value }
        },
        {
            nameof(Config.StaticAssets), OptionalText,
            it => it.StaticAssets, (it, value) => it with { StaticAssets = value }
        },
        {
            nameof(Config.ExcludedHandlers), TextList,
            it => it.ExcludedHandlers, (it, value) => it with { ExcludedHandlers = value }
        },
        {
            nameof(Config.BodyHandlers), TextList,
            it => it.BodyHandlers, (it, value) => it with { BodyHandlers = value }
        },
        { nameof(Config.BodyLimit), Integer, it => it.BodyLimit, (it, value) => it with { BodyLimit = value } },
        {
            nameof(Config.LatencyDecimals), OptionalInteger,
            it => it.LatencyDecimals, (it, value) => it with { LatencyDecimals = value }
        },
        {
            nameof(Config.ExcludeStreamingDuration), Flag,
            it => it.ExcludeStreamingDuration, (it, value) => it with { ExcludeStreamingDuration = value }
        },
        {
            nameof(Config.InProgress), new OptionalSection<InProgressOptions>(MetricsKeys.InProgress),
            it => it.InProgress, (it, value) => it with { InProgress = value }, true
        },
        {
            nameof(Config.LongLived), new OptionalSection<LongLivedOptions>(MetricsKeys.LongLived),
            it => it.LongLived, (it, value) => it with { LongLived = value }, true
        },
        {
            nameof(Config.ClientAborts), Choice<ClientAborts>(),
            it => it.ClientAborts, (it, value) => it with { ClientAborts = value }
        },
        {
            nameof(Config.BodySizes), Choice<BodySizes>(),
            it => it.BodySizes, (it, value) => it with { BodySizes = value }
        },
        {
            nameof(Config.Exemplars), new OptionalSection<ExemplarOptions>(_exemplars),
            it => it.Exemplars, (it, value) => it with { Exemplars = value }
        },
        { nameof(Config.AsyncTimeout), Time, it => it.AsyncTimeout, (it, value) => it with { AsyncTimeout = value } },
        {
            nameof(Config.EnabledBy), OptionalText,
            it => it.EnabledBy, (it, value) => it with { EnabledBy = value }, true
        },
        {
            nameof(Config.ExtraMethods), TextList,
            it => it.ExtraMethods, (it, value) => it with { ExtraMethods = value }
        },
        {
            nameof(Config.HandlerTemplate), Choice<HandlerTemplate>(),
            it => it.HandlerTemplate, (it, value) => it with { HandlerTemplate = value }
        },
        {
            nameof(Config.LabelRejected), Flag,
            it => it.LabelRejected, (it, value) => it with { LabelRejected = value }
        },
        {
            nameof(Config.IncludePathBase), Flag,
            it => it.IncludePathBase, (it, value) => it with { IncludePathBase = value }
        },
        {
            nameof(Config.InitializeSeries), Flag,
            it => it.InitializeSeries, (it, value) => it with { InitializeSeries = value }, true
        },
    };
}

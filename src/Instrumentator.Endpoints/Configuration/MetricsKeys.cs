using static Instrumentator.ConfigurationValues;

namespace Instrumentator;

/// <summary>The keys of metrics. Those that change families need a restart.</summary>
internal static class MetricsKeys
{
    private static readonly ConfigurationKeys<NativeBuckets> _native = new()
    {
        { nameof(NativeBuckets.Schema), Integer, it => it.Schema, (it, value) => it with { Schema = value }, true },
        {
            nameof(NativeBuckets.ZeroThreshold), Number,
            it => it.ZeroThreshold, (it, value) => it with { ZeroThreshold = value }, true
        },
        {
            nameof(NativeBuckets.MaxBuckets), Integer,
            it => it.MaxBuckets, (it, value) => it with { MaxBuckets = value }, true
        },
    };

    /// <summary>Gets the keys of the default metrics.</summary>
    public static ConfigurationKeys<DefaultMetricsOptions> DefaultMetrics { get; } = new()
    {
        {
            nameof(DefaultMetricsOptions.Namespace), OptionalText,
            it => it.Namespace, (it, value) => it with { Namespace = value }, true
        },
        {
            nameof(DefaultMetricsOptions.Subsystem), OptionalText,
            it => it.Subsystem, (it, value) => it with { Subsystem = value }, true
        },
        {
            nameof(DefaultMetricsOptions.OnlySuccessInHighResolution), Flag,
            it => it.OnlySuccessInHighResolution, (it, value) => it with { OnlySuccessInHighResolution = value }
        },
        {
            nameof(DefaultMetricsOptions.HighResolutionBuckets), NumberList,
            it => it.HighResolutionBuckets, (it, value) => it with { HighResolutionBuckets = value }, true
        },
        {
            nameof(DefaultMetricsOptions.LowResolutionBuckets), NumberList,
            it => it.LowResolutionBuckets, (it, value) => it with { LowResolutionBuckets = value }, true
        },
        {
            nameof(DefaultMetricsOptions.Native), new OptionalSection<NativeBuckets>(_native),
            it => it.Native, (it, value) => it with { Native = value }, true
        },
        {
            nameof(DefaultMetricsOptions.ExcludeStreamingDuration), Flag,
            it => it.ExcludeStreamingDuration, (it, value) => it with { ExcludeStreamingDuration = value }
        },
        {
            nameof(DefaultMetricsOptions.ExtraRequestLabels), LabelLists.RequestLabels,
            it => it.ExtraRequestLabels, (it, value) => it with { ExtraRequestLabels = value }, true
        },
        {
            nameof(DefaultMetricsOptions.CustomLabels), LabelLists.Labels,
            it => it.CustomLabels, (it, value) => it with { CustomLabels = value }, true
        },
    };

    /// <summary>Gets the keys of the gauge of requests in progress.</summary>
    public static ConfigurationKeys<InProgressOptions> InProgress { get; } = new()
    {
        { nameof(InProgressOptions.Name), Text, it => it.Name, (it, value) => it with { Name = value }, true },
        { nameof(InProgressOptions.Help), Text, it => it.Help, (it, value) => it with { Help = value }, true },
        { nameof(InProgressOptions.Labels), Flag, it => it.Labels, (it, value) => it with { Labels = value }, true },
        {
            nameof(InProgressOptions.RequestLabels), LabelLists.OptionalRequestLabels,
            it => it.RequestLabels!, (it, value) => it with { RequestLabels = value }, true
        },
        {
            nameof(InProgressOptions.CustomLabels), LabelLists.Labels,
            it => it.CustomLabels, (it, value) => it with { CustomLabels = value }, true
        },
    };

    /// <summary>Gets the keys of long-lived requests.</summary>
    public static ConfigurationKeys<LongLivedOptions> LongLived { get; } = new()
    {
        {
            nameof(LongLivedOptions.GaugeName), Text,
            it => it.GaugeName, (it, value) => it with { GaugeName = value }, true
        },
        {
            nameof(LongLivedOptions.DurationName), Text,
            it => it.DurationName, (it, value) => it with { DurationName = value }, true
        },
        {
            nameof(LongLivedOptions.DurationBuckets), NumberList,
            it => it.DurationBuckets, (it, value) => it with { DurationBuckets = value }, true
        },
        {
            nameof(LongLivedOptions.ContentTypes), TextList,
            it => it.ContentTypes, (it, value) => it with { ContentTypes = value }
        },
        {
            nameof(LongLivedOptions.CustomLabels), LabelLists.Labels,
            it => it.CustomLabels, (it, value) => it with { CustomLabels = value }, true
        },
    };
}

namespace Instrumentator.Properties;

/// <summary>This part: apps that a configuration can describe.</summary>
internal static partial class Generators
{
    /// <summary>Labels as C# and as JSON.</summary>
    public static IReadOnlyList<(RequestLabel Label, string Json)> ConfiguredLabels { get; } =
    [
        (RequestLabel.Handler, "\"handler\""),
        (RequestLabel.Method, "\"method\""),
        (RequestLabel.Status, "\"status\""),
        (RequestLabel.Scheme, "\"scheme\""),
        (RequestLabel.ProtocolVersion, "\"protocol_version\""),
        (RequestLabel.ErrorType, "\"error_type\""),
        (RequestLabel.Unhandled, "\"unhandled\""),
        (RequestLabel.GrpcStatus, "\"grpc_status\""),
        (RequestLabel.Method.As("verb"), """{ "Label": "method", "Name": "verb" }"""),
        (RequestLabel.Scheme.As("s"), """{ "Label": "scheme", "Name": "s" }"""),
        (RequestLabel.RouteValue("page"), """{ "RouteValue": "page" }"""),
        (RequestLabel.RouteValue("action").As("a"), """{ "RouteValue": "action", "Name": "a" }"""),
        (RequestLabel.Header("X-Tenant", ["acme", "globex"]),
            """{ "Header": "X-Tenant", "Allowed": ["acme", "globex"] }"""),
        (RequestLabel.Header("X-Plan", ["", "pro"], "").As("plan"),
            """{ "Header": "X-Plan", "Allowed": ["", "pro"], "Other": "", "Name": "plan" }"""),
    ];

    /// <summary>Valid apps all of whose values a configuration can hold.</summary>
    public static Gen<ConfiguredApp> ConfiguredApps =>
        from config in ValidConfigs
        from sizes in Gen.Elements(BodySizes.ContentLength, BodySizes.Actual)
        from timeout in Timeouts
        from interval in Gen.Frequency(
            (1, Gen.Constant<TimeSpan?>(null)), (1, Timeouts.Select(time => (TimeSpan?)time)))
        from inProgress in InProgressGauges
        from longLived in LongLivedRequests
        from metrics in DefaultMetrics
        from limits in SeriesLimits
        from scrape in Scrapes
        from isInitialized in Gen.Elements(true, false)
        select new ConfiguredApp(
            Instrumentation.Default.WithRegistry(new Registry()) with
            {
                Config = config with
                {
                    BodySizes = sizes,
                    InitializeSeries = isInitialized,
                    AsyncTimeout = timeout,
                    Exemplars = interval is { } time ? new() { Interval = time } : null,
                    InProgress = inProgress,
                    LongLived = longLived,
                },
                DefaultMetrics = metrics,
                SeriesLimits = limits,
            },
            scrape);

    private static Gen<TimeSpan> Timeouts => Gen.Elements(1, 500, 20_000_000, 50_000_001, 864_000_000_000)
        .Select(ticks => TimeSpan.FromTicks(ticks));

    private static Gen<ValueList<Label>> Labels => Few(
            from name in LabelNames
            from value in Texts.Generator
            select new Label(name, WellFormed(value)))
        .Select(labels => ValueList.From(labels.DistinctBy(label => label.Name)));

    private static Gen<InProgressOptions?> InProgressGauges =>
        from isOn in Gen.Elements(true, false)
        from name in Names
        from help in Texts.Generator
        from labels in Gen.Elements(true, false)
        from chosen in Gen.Elements<ValueList<RequestLabel>?>(
            null, [], [RequestLabel.Method.As("verb"), RequestLabel.RouteValue("page")], [RequestLabel.Scheme])
        from custom in Labels
        select isOn
            ? new InProgressOptions
            {
                Name = "in_" + name,
                Help = WellFormed(help),
                Labels = labels,
                RequestLabels = chosen,
                CustomLabels = custom,
            }
            : null;

    private static Gen<LongLivedOptions?> LongLivedRequests =>
        from isOn in Gen.Elements(true, false)
        from name in Names
        from buckets in BucketLists
        from types in Few(Gen.Elements("text/event-stream", "a"))
        from custom in Labels
        select isOn
            ? new LongLivedOptions
            {
                GaugeName = "gauge_" + name,
                DurationName = "duration_" + name,
                DurationBuckets = buckets,
                ContentTypes = types,
                CustomLabels = custom,
            }
            : null;

    private static Gen<DefaultMetricsOptions> DefaultMetrics =>
        from @namespace in Gen.Frequency((1, Gen.Constant<string?>(null)), (1, Names.Select(name => (string?)name)))
        from subsystem in Gen.Frequency((1, Gen.Constant<string?>(null)), (1, Names.Select(name => (string?)name)))
        from flags in Gen.Two(Gen.Elements(true, false))
        from buckets in Gen.Two(BucketLists)
        from native in Gen.Elements<NativeBuckets?>(
            null, new(), new() { Schema = -4, MaxBuckets = 1, ZeroThreshold = 0 }, new() { ZeroThreshold = 1e-300 })
        from isEmpty in Gen.Elements(true, false)
        from labels in Few(Gen.Elements<(RequestLabel Label, string)>(ConfiguredLabels.Skip(3)))
        from custom in Labels
        select new DefaultMetricsOptions
        {
            Namespace = @namespace,
            Subsystem = subsystem,
            OnlySuccessInHighResolution = flags.Item1,
            ExcludeStreamingDuration = flags.Item2,
            HighResolutionBuckets = native is not null && isEmpty ? [] : buckets.Item1,
            LowResolutionBuckets = buckets.Item2,
            Native = native,
            ExtraRequestLabels = ValueList.From(labels.Select(one => one.Label).DistinctBy(label => label.Name)),
            CustomLabels = custom,
        };

    private static Gen<ValueList<SeriesLimit>> SeriesLimits => Few(
            from name in Gen.Elements("http_requests_total", "a:b:c", "x")
            from limit in Gen.Elements(1, 2_000, int.MaxValue)
            select (name, limit))
        .Select(limits => limits.Aggregate(
            Instrumentation.Default, (it, one) => it.LimitSeries(one.name, one.limit)).SeriesLimits);

    private static Gen<ScrapeOptions> Scrapes =>
        from flags in Gen.Two(Gen.Elements(true, false))
        from self in Gen.Elements(true, false)
        from created in Gen.Elements(true, false)
        from timeout in Timeouts
        from scrapes in Gen.Elements(1, 16)
        from bytes in Gen.Elements(1, 1L << 40)
        select new ScrapeOptions
        {
            Gzip = flags.Item1,
            Measured = flags.Item2,
            SelfMetrics = self,
            CreatedSamples = created,
            Timeout = timeout,
            MaxConcurrentScrapes = scrapes,
            MaxBytes = bytes,
        };

    // JSON is UTF-8, which has no half of a surrogate pair.
    private static string WellFormed(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));
}

using System.Text;

namespace Instrumentator.Parity;

/// <summary>The registries of a scenario. Each run has its own, so that runs do not affect each other.</summary>
/// <param name="create">Creates a registry.</param>
internal sealed class Registries(Func<Registry> create)
{
    /// <summary>Gets the counterpart of the original's process-wide registry.</summary>
    public Registry Default { get; } = create();

    private Registry Custom { get; } = create();

    public Registry Find(string? name) => name switch
    {
        null => Default,
        "custom" => Custom,
        _ => throw new NotSupportedException($"The registry \"{name}\" is unknown here."),
    };
}

/// <summary>Creates an instrumentation from the original's arguments.</summary>
internal sealed class OptionMapping(Registries registries, List<InfoNote> infos)
{
    /// <summary>Builds the instrumentation. Metric functions are created, and so registered, in the order of the
    /// <c>add()</c> calls.</summary>
    public Instrumentation Build(Scenario scenario) => scenario.Add.Aggregate(
        Instrumentation.Default
            .WithRegistry(registries.Find(scenario.Constructor.Registry))
            .With(_ => ConfigOf(scenario.Constructor))
            .WithDefaultMetrics(DefaultMetrics(scenario.Instrument)),
        Add);

    private static Config ConfigOf(ConstructorArguments arguments) => Config.Default with
    {
        GroupStatusCodes = arguments.ShouldGroupStatusCodes,
        Untemplated = arguments.ShouldIgnoreUntemplated ? Untemplated.Ignore
            : arguments.ShouldGroupUntemplated ? Untemplated.Group()
            : Untemplated.Path(),
        ExcludedHandlers = ValueList.From(arguments.ExcludedHandlers),
        BodyHandlers = ValueList.From(arguments.BodyHandlers),
        LatencyDecimals = arguments.ShouldRoundLatencyDecimals ? arguments.RoundLatencyDecimals ?? 0 : null,
        ExcludeStreamingDuration = arguments.ShouldExcludeStreamingDuration,
        InProgress = arguments.ShouldInstrumentRequestsInprogress
            ? new InProgressOptions { Name = arguments.InprogressName, Labels = arguments.InprogressLabels }
            : null,
        EnabledBy = arguments.ShouldRespectEnvVar ? arguments.EnvVarName : null,
    };

    private Instrumentation Add(Instrumentation before, Addition addition) => addition.Metric switch
    {
        null => Without(addition, before),
        "probe" => Without(addition, before.Add(Metrics.From(Note))),
        "async_probe" => Without(addition, before.AddAsync(NoteAsync)),
        "default" => before.Add(Metrics.Default(DefaultMetrics(addition.Read<DefaultArguments>()))),
        "latency" => before.Add(Metrics.Latency(Latency(addition.Read<LatencyArguments>()))),
        "requests" => before.Add(Metrics.Requests(Common(addition))),
        "request_size" => before.Add(Metrics.RequestSize(Common(addition))),
        "response_size" => before.Add(Metrics.ResponseSize(Common(addition))),
        "combined_size" => before.Add(Metrics.CombinedSize(Common(addition))),
        var unknown => throw new NotSupportedException($"The metric function \"{unknown}\" is unknown here."),
    };

    private static Instrumentation Without(Addition addition, Instrumentation result)
    {
        _ = addition.Read<NoArguments>();
        return result;
    }

    private MetricOptions Common(Addition addition) => Common(new MetricOptions(), addition.Read<MetricArguments>());

    private MetricOptions Common(MetricOptions options, MetricArguments arguments) => options with
    {
        Name = arguments.MetricName,
        Help = arguments.MetricDoc,
        Namespace = arguments.MetricNamespace,
        Subsystem = arguments.MetricSubsystem,
        Handler = arguments.ShouldIncludeHandler,
        Method = arguments.ShouldIncludeMethod,
        Status = arguments.ShouldIncludeStatus,
        CustomLabels = Python.Labels(arguments.CustomLabels),
        Registry = registries.Find(arguments.Registry),
    };

    private LatencyOptions Latency(LatencyArguments arguments) => (LatencyOptions)Common(
        new LatencyOptions
        {
            Buckets = arguments.Buckets is { } bounds ? Python.Bounds(bounds) : Buckets.Default,
            ExcludeStreamingDuration = arguments.ShouldExcludeStreamingDuration,
        },
        arguments);

    private DefaultMetricsOptions DefaultMetrics(DefaultArguments arguments) =>
        DefaultMetrics((InstrumentArguments)arguments) with
        {
            ExcludeStreamingDuration = arguments.ShouldExcludeStreamingDuration,
            CustomLabels = Python.Labels(arguments.CustomLabels),
            Registry = registries.Find(arguments.Registry),
        };

    private static DefaultMetricsOptions DefaultMetrics(InstrumentArguments arguments) => new()
    {
        Namespace = arguments.MetricNamespace,
        Subsystem = arguments.MetricSubsystem,
        OnlySuccessInHighResolution = arguments.ShouldOnlyRespect2xxForHighr,
        HighResolutionBuckets =
            arguments.LatencyHighrBuckets is { } high ? Python.Bounds(high) : Buckets.HighResolution,
        LowResolutionBuckets = arguments.LatencyLowrBuckets is { } low ? Python.Bounds(low) : Buckets.LowResolution,
    };

    private ValueTask NoteAsync(Info info)
    {
        Note(info);
        return default;
    }

    private void Note(Info info)
    {
        var note = new InfoNote
        {
            Method = info.Method,
            ModifiedHandler = info.Handler,
            ModifiedStatus = info.Status,
            ModifiedDuration = info.Duration,
            ModifiedDurationWithoutStreaming = info.DurationWithoutStreaming,
            ResponseStatusCode = info.StatusCode,
            ResponseContentLength = info.ResponseSize.ToString(),
            ResponseBody = Encoding.UTF8.GetString(info.Response.Body.Span),
        };
        lock (infos)
            infos.Add(note);
    }
}

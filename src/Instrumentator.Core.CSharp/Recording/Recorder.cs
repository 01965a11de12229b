using System.Collections.Concurrent;
using Instrumentator.Adapters;

namespace Instrumentator;

/// <summary>A running instrumentation: rules compiled, families registered, labels cached. One for each app.</summary>
internal sealed class Recorder
{
    private readonly GuardedPipeline _pipeline;
    private readonly FunctionFailures _failures;
    private readonly AsyncFunction[] _async;
    private readonly HashSet<object> _targets;
    private readonly PatternSet _excluded;
    private readonly PatternSet _withBody;
    private readonly Action<string> _exclusionTimedOut;
    private readonly Action<string> _bodyTimedOut;
    private readonly CappedTexts _pathTexts;
    private readonly ConcurrentDictionary<int, Route> _byPath = [];
    private readonly Route _group;
    private readonly RequestExemplars? _exemplars;

    /// <summary>Validates everything and registers missing families.</summary>
    /// <param name="instrumentation">The instrumentation to run.</param>
    /// <param name="report">Receives a metric function's name and the failure to log.</param>
    /// <param name="clock">Gives the time for exemplars, time limits of asynchronous functions and log intervals; the
    /// system clock by default.</param>
    /// <exception cref="InvalidConfigException">Values are invalid; the exception lists all errors.</exception>
    /// <exception cref="InvalidOperationException">A name is taken by another definition.</exception>
    public Recorder(Instrumentation instrumentation, Action<string, FunctionFailure> report, TimeProvider? clock = null)
    {
        clock ??= TimeProvider.System;
        InvalidConfigException.ThrowIfAny(instrumentation.Validate());
        Config = instrumentation.Config;
        Registry = instrumentation.Registry;
        foreach (var (metric, limit) in instrumentation.SeriesLimits)
            Registry.LimitSeries(metric, limit);
        MethodLabels = MethodLabel.All(Config);
        _pathTexts = LabelTexts.Of(Registry).Paths;
        _excluded = PatternSet.Cached(Config.ExcludedHandlers);
        _withBody = PatternSet.Cached(Config.BodyHandlers);
        _failures = new FunctionFailures(Registry, report, clock);
        _exclusionTimedOut = ReportPattern(nameof(Config.ExcludedHandlers));
        _bodyTimedOut = ReportPattern(nameof(Config.BodyHandlers));
        _pipeline = new GuardedPipeline(instrumentation.AllMetrics(), Registry, Config.BodySizes, _failures);
        _async = Array.ConvertAll(
            instrumentation.AsyncPipeline.Span.ToArray(),
            function => AsyncOf(function, _failures, clock));
        InProgress = Config.InProgress is { } options
            ? new InProgressGauges(options, Registry, ReportLabel, Report(nameof(Config.InProgress)))
            : null;
        LongLived = Config.LongLived is { } longLived
            ? new LongLivedMetrics(longLived, Registry, Report(nameof(Config.LongLived)))
            : null;
        _targets = [.. TargetsOf(instrumentation)];
        Bounded = BoundedValues.Of(_pipeline.Labels, Registry, ReportLabel);
        _exemplars = Config.Exemplars is { } exemplars
            ? new RequestExemplars(exemplars.Interval, clock, LabelsOf(exemplars, _failures))
            : null;
        IsPlain = _pipeline is { IsSeriesAlone: true, ReadsResponseStart: false }
            && Bounded is null && _exemplars is null && Config.LatencyDecimals is null;
        _group = RouteOf((Config.Untemplated as Instrumentator.Untemplated.Grouped)?.Handler ?? HandlerLabel.None);
    }

    public Config Config { get; }

    public Registry Registry { get; }

    /// <summary>Whether only built-in metrics of durations and sizes are recorded, as measured.</summary>
    public bool IsPlain { get; }

    /// <summary>Whether there are asynchronous metric functions.</summary>
    public bool RunsAsync => _async.Length > 0;

    public InProgressGauges? InProgress { get; }

    public LongLivedMetrics? LongLived { get; }

    /// <summary>The labels of requests so far.</summary>
    public LabelCache Labels { get; } = new();

    /// <summary>Whether anything reads the start time of responses, so that an adapter must record it.</summary>
    public bool ReadsResponseStart => _pipeline.ReadsResponseStart || RunsAsync;

    public bool ReadsBodies => !_withBody.IsEmpty;

    public string[] MethodLabels { get; }

    /// <summary>The bounded values that labels of metrics use; null when they use none.</summary>
    public BoundedValues? Bounded { get; }

    /// <summary>Returns the initial series of each counter of requests whose labels are known in advance.</summary>
    public InitialSeries[] InitialSeries() =>
    [
        .. from metric in _pipeline.SeriesMetrics
        where metric.What == Measured.One && metric.Labels.Request.All(label => label.IsKnownInAdvance)
        select new InitialSeries(metric)
    ];

    /// <summary>Whether both record in the same families, or run the same function for the same registry. A request
    /// that both of them recorded would count twice.</summary>
    public bool SharesMetrics(Recorder other)
    {
        // Overlaps would allocate, and this may run for each request.
        foreach (var target in other._targets)
        {
            if (_targets.Contains(target))
                return true;
        }
        return false;
    }

    /// <summary>Whether both record long-lived requests in the same families.</summary>
    public bool SharesLongLived(Recorder other) => LongLived is not null
        && ReferenceEquals(Registry, other.Registry)
        && Config.LongLived == other.Config.LongLived;

    /// <summary>Returns the route for a template. Call it once for each route, and keep the result.</summary>
    /// <param name="template">The route template.</param>
    /// <param name="values">The route values; none by default.</param>
    /// <param name="lifetime">What tells whether its requests are long-lived.</param>
    public Route Templated(string template, ValueList<Label>? values = null, Lifetime lifetime = default) =>
        HandlerLabel.Of(template, null, Config, _excluded, _exclusionTimedOut) is { } handler
            ? RouteOf(handler, values, lifetime)
            : Route.Unmeasured;

    /// <summary>Returns the route for a request that matched no template.</summary>
    public Route Untemplated(string path) => Config.Untemplated switch
    {
        Instrumentator.Untemplated.Ignored => Route.Unmeasured,
        Instrumentator.Untemplated.ByPath byPath => ByPath(path, byPath.Limit),
        _ => _excluded.IsMatch(path, _exclusionTimedOut) ? Route.Unmeasured : _group,
    };

    /// <summary>Returns a route while routing may still match one. Uses up no path.</summary>
    public Route RouteWhileUnknown(string path) =>
        Config.Untemplated is not Instrumentator.Untemplated.ByPath ? Untemplated(path)
        : Config.InProgress is { IsByRoute: true } ? Route.Unmeasured
        : _group;

    /// <summary>Records a request. Never throws, and allocates nothing for known labels and built-in metrics.</summary>
    /// <param name="route">Its route.</param>
    /// <param name="facts">Its facts.</param>
    /// <param name="countsLongLived">Whether to observe its duration if it is long-lived; false when another recorder
    /// does, in the same family.</param>
    public void Record(Route route, in RequestFacts facts, bool countsLongLived = true)
    {
        var isLongLived = facts.IsLongLived && LongLived is not null;
        var recorded = isLongLived ? route.WhenLongLived : route;
        var labels = recorded.LabelsOf(facts.Method, facts.StatusCode, facts.Exchange, facts.Exception);
        Record(new Info(labels, facts, Config), labels);
        if (isLongLived && countsLongLived)
            route.LongLived?.Observe(DurationRule.Apply(facts.SecondsUntil(facts.EndedAt), Config));
    }

    /// <summary>Returns the info that metric functions get.</summary>
    public Info InfoOf(Route route, in RequestFacts facts)
    {
        var labels = route.PlainLabelsOf(facts.Method, facts.StatusCode);
        return WithExemplars(new Info(labels, facts, Config));
    }

    /// <summary>Runs the asynchronous metric functions in order, and waits for each up to its limit. Never
    /// throws.</summary>
    public async Task RecordAsync(Info info)
    {
        foreach (var function in _async)
            await function.RunAsync(info).ConfigureAwait(false);
    }

    private static Func<Info, ValueList<Label>>? LabelsOf(ExemplarOptions options, FunctionFailures failures) =>
        options.Labels is { } labels
            ? new GuardedLabels(labels, failures.Of(options, () => nameof(Config.Exemplars))).Of
            : null;

    // A function may run for two registries, as two instrumentations.
    private IEnumerable<object> TargetsOf(Instrumentation instrumentation) =>
        _pipeline.Targets
            .Concat(instrumentation.AsyncPipeline)
            .Select(target => target is Family ? target : (Registry, target))
            .Concat(InProgress is { } gauges ? [gauges.Family] : Array.Empty<object>());

    private AsyncFunction AsyncOf(Func<Info, ValueTask> function, FunctionFailures failures, TimeProvider clock) =>
        new(function, Config.AsyncTimeout, clock, failures.Of(function, () => FunctionName.Of(function)));

    // For backends of other libraries.
    private Action<Exception> Report(string what) => _failures.Of(what, () => what).Threw;

    private Action<string> ReportPattern(string what) => _failures.Of(what, () => what).PatternTimedOut;

    private void ReportLabel(BoundedValue value, Exception? exception)
    {
        var errors = _failures.Of(
            value,
            () => value.Function is { } function ? FunctionName.Of(function) : nameof(RequestLabel.Header));
        if (exception is null)
            errors.Skipped();
        else
            errors.Threw(exception);
    }

    private void Record(in Info info, RequestLabels labels)
    {
        if (_exemplars is { AreWanted: true })
            _pipeline.Record(WithExemplars(info), ref labels.Cells);
        else
            _pipeline.Record(info, ref labels.Cells);
    }

    private Info WithExemplars(in Info info) => info with { Exemplars = _exemplars };

    // Clients choose paths: those past the limit share one label, and long ones are cut.
    private Route ByPath(string path, int limit)
    {
        var label = LabelLength.Cut(path);
        var isKnown = _pathTexts.TryFind(label, out var index);
        if (isKnown && _byPath.TryGetValue(index, out var route))
            return route;
        if (_excluded.IsMatch(path, _exclusionTimedOut))
            return Route.Unmeasured;
        return isKnown || _pathTexts.TryFindOrAdd(label, limit, out index)
            ? _byPath.GetOrAdd(index, static (index, one) => one.RouteOf(one._pathTexts[index]), this)
            : _group;
    }

    private Route RouteOf(string handler, ValueList<Label>? values = null, Lifetime lifetime = default) =>
        new(handler, values ?? [], this, keepsBody: _withBody.IsMatch(handler, _bodyTimedOut), lifetime);
}

using Instrumentator.Properties.Reference;

namespace Instrumentator.Properties;

/// <summary>A running instrumentation against what the pure rules say.</summary>
public class RecorderProps
{
    private static readonly Action<string, Exception> _ignore = (_, _) => { };

    // With clocks of which every duration is exact in binary, so that sums are, too.
    private static Gen<RequestFacts> ExactFacts =>
        from facts in Generators.Facts.Generator
        from response in Gen.Elements<long?>(null, 0, 512, 4_096)
        from end in Gen.Choose(-10, 100_000)
        from sizes in Gen.Two(Gen.OneOf(Gen.Elements<long?>(null, -5, 1L << 24, (1L << 24) + 1, 1L << 40), Gen.Choose(0, 100_000).Select(size => (long?)size)))
        select facts with
        {
            StartedAt = 0,
            ResponseStartedAt = response,
            EndedAt = end,
            TicksPerSecond = 1_024,
            RequestSize = sizes.Item1,
            ResponseSize = sizes.Item2,
        };

    [Fact]
    public void What_is_recorded_is_what_Info_From_says() =>
        Check.Holds(Gen.Zip(Generators.Facts.Generator, Generators.ValidConfigs), request =>
        {
            var (facts, config) = request;
            var recorder = new Recorder(new() { Config = config, Registry = new(), Pipeline = Metrics.None }, _ignore);
            var route = RouteOf(recorder, facts);
            var expected = Info.From(facts, config);
            Assert.Equal(expected is not null, route.IsMeasured);
            if (expected is not null)
                Assert.Equal(expected, recorder.Record(route, facts));
        }, tests: 500);

    [Fact]
    public void Any_requests_leave_the_default_metrics_that_the_interpreter_predicts() =>
        Check.Holds(
            from config in Generators.ValidConfigs
            from decimals in Gen.Elements<int?>(null, null, 0, -1)
            from requests in ExactFacts.ListOf()
            select (Config: config with { LatencyDecimals = decimals, InProgress = null }, Requests: requests),
            one =>
            {
                var registry = new Registry();
                var recorder = new Recorder(new() { Config = one.Config, Registry = registry }, _ignore);
                foreach (var facts in one.Requests)
                {
                    if (RouteOf(recorder, facts) is { IsMeasured: true } route)
                        recorder.Record(route, facts);
                }
                Assert.Equal(Predict(Infos(one.Requests, one.Config), one.Config.ExcludeStreamingDuration), registry.Scrape());
            }, tests: 100);

    [Fact]
    public void Only_successes_count_in_the_histogram_with_many_buckets_where_that_is_chosen() =>
        Check.Holds(Generators.Statuses.ListOf(), statuses =>
        {
            var registry = new Registry();
            var instrumentation = Instrumentation.Default.WithRegistry(registry).WithDefaultMetrics(new() { OnlySuccessInHighResolution = true });
            var recorder = new Recorder(instrumentation, _ignore);
            foreach (var status in statuses)
                recorder.Record(recorder.Templated("/"), new RequestFacts { StatusCode = status });
            var histogram = (SampleValue.Histogram)registry.Scrape().Find("http_request_duration_highr_seconds")!;
            Assert.Equal(statuses.Count(status => status is >= 200 and <= 299), histogram.Count);
        });

    [Fact]
    public void Paths_become_labels_up_to_the_limit_whatever_is_sent() =>
        Check.Holds(
            from limit in Gen.Choose(1, 5)
            from paths in Generators.Paths.Generator.ListOf()
            select (Limit: limit, Paths: paths),
            one =>
            {
                var config = Config.Default with { Untemplated = Untemplated.Path(one.Limit), ExcludedHandlers = ["admin"] };
                var recorder = new Recorder(new() { Config = config, Registry = new(), Pipeline = Metrics.None }, _ignore);
                var handlers = one.Paths.Select(recorder.Untemplated).Where(route => route.IsMeasured).Select(route => route.Handler);
                Assert.Equal(Infos([.. one.Paths.Select(path => new RequestFacts { Path = path })], config).Select(info => info.Handler), handlers);
            });

    [Fact]
    public void Threads_that_bring_new_paths_together_do_not_pass_the_limit()
    {
        const int ThreadCount = 4;
        var config = Config.Default with { Untemplated = Untemplated.Path(1) };
        Recorder[] recorders = [.. Enumerable.Range(0, 2_000).Select(_ => new Recorder(new() { Config = config, Registry = new(), Pipeline = Metrics.None }, _ignore))];
        var handlers = recorders.Select(_ => new string[ThreadCount]).ToArray();

        // All threads meet the same recorder at the same moment, each with a path of its own.
        using var round = new Barrier(ThreadCount);
        Threads.Run(ThreadCount, thread =>
        {
            for (var i = 0; i < recorders.Length; i++)
            {
                round.SignalAndWait();
                handlers[i][thread] = recorders[i].Untemplated($"/{thread}").Handler;
            }
        });
        Assert.All(handlers, labels => Assert.Equal(ThreadCount - 1, labels.Count(label => label == "none")));
    }

    [Fact]
    public void Threads_that_record_one_route_lose_no_request()
    {
        var registry = new Registry();
        var recorder = new Recorder(Instrumentation.Default.WithRegistry(registry), _ignore);
        var route = recorder.Templated("/items/{id}");
        Threads.Run(4, thread =>
        {
            for (var i = 0; i < 10_000; i++)
                recorder.Record(route, new RequestFacts { Method = i % 2 == 0 ? "GET" : "POST", StatusCode = 200 + i % 4 * 100, RequestSize = 3 });
        });
        var snapshot = registry.Scrape();
        Assert.All(
            [("GET", "2xx"), ("POST", "3xx"), ("GET", "4xx"), ("POST", "5xx")],
            sent => Assert.Equal(new SampleValue.Counter(10_000), snapshot.Find("http_requests_total", "/items/{id}", sent.Item1, sent.Item2)));
        Assert.Equal(new SampleValue.Summary(40_000, 120_000), snapshot.Find("http_request_size_bytes", "/items/{id}"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Requests_in_progress_return_to_0(bool labels)
    {
        var registry = new Registry();
        var config = Config.Default with { InProgress = new() { Labels = labels } };
        var recorder = new Recorder(new() { Config = config, Registry = registry }, _ignore);
        var route = recorder.Templated("/items");
        Threads.Run(4, _ =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                var gauge = route.InProgressOf("get")!;
                gauge.Increment();
                gauge.Decrement();
            }
        });
        string[] values = labels ? ["/items", "GET"] : [];
        Assert.Equal(new SampleValue.Gauge(0), registry.Scrape().Find("http_requests_inprogress", values));
        Assert.Null(Route.Unmeasured.InProgressOf("GET"));
    }

    private static Route RouteOf(Recorder recorder, RequestFacts facts) =>
        string.IsNullOrEmpty(facts.Template) ? recorder.Untemplated(facts.Path ?? "") : recorder.Templated(facts.Template, facts.RouteValues);

    /// <summary>What the rules make of requests that come one after the other: the first paths are labels, the rest is one.</summary>
    private static IEnumerable<Info> Infos(IReadOnlyList<RequestFacts> requests, Config config)
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

    private static Snapshot Predict(IEnumerable<Info> infos, bool toFirstByte)
    {
        var naive = new NaiveRegistry(Registry.DefaultSeriesLimit);
        foreach (var definition in OriginalFamilies.All)
            naive.Run(new Operation.Register(definition));
        foreach (var info in infos)
        {
            var seconds = toFirstByte ? info.DurationWithoutStreaming : info.Duration;
            naive.Run(new Operation.Write("http_requests_total", [info.Handler, info.Method, info.Status], 1, Otherwise: true));
            naive.Run(new Operation.Write("http_request_size_bytes", [info.Handler], info.RequestSize, Otherwise: false));
            naive.Run(new Operation.Write("http_response_size_bytes", [info.Handler], info.ResponseSize, Otherwise: false));
            naive.Run(new Operation.Write("http_request_duration_highr_seconds", [], seconds, Otherwise: false));
            naive.Run(new Operation.Write("http_request_duration_seconds", [info.Handler, info.Method], seconds, Otherwise: false));
        }
        return naive.Read();
    }
}

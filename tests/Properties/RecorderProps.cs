using Instrumentator.Properties.Reference;

namespace Instrumentator.Properties;

/// <summary>Compares a running instrumentation with the pure rules.</summary>
public class RecorderProps
{
    private static readonly Action<string, FunctionFailure> _ignore = (_, _) => { };

    [Property(MaxTest = 500)]
    public void The_recorder_agrees_with_Info_From(RequestFacts facts, Config config)
    {
        var recorder = new Recorder(new() { Config = config, Registry = new(), Pipeline = Metrics.None }, _ignore);
        var route = RouteOf(recorder, facts);
        var expected = Info.From(facts, config);
        Assert.Equal(expected is not null, route.IsMeasured);
        if (expected is not null)
            Assert.Equal(expected, recorder.InfoOf(route, facts));
    }

    [Property]
    public Property Paths_become_labels_up_to_the_limit_whatever_is_sent() =>
        Prop.ForAll(
            Arb.From(
                from limit in Gen.Choose(1, 5)
                from paths in Generators.Paths.Generator.ListOf()
                select (Limit: limit, Paths: paths)),
            one =>
            {
                var config = Config.Default with
                {
                    Untemplated = Untemplated.Path(one.Limit),
                    ExcludedHandlers = ["admin"],
                };
                var recorder = new Recorder(
                    new() { Config = config, Registry = new(), Pipeline = Metrics.None },
                    _ignore);
                var handlers = one.Paths.Select(recorder.Untemplated)
                    .Where(route => route.IsMeasured)
                    .Select(route => route.Handler);
                Assert.Equal(
                    NaiveRequests.Infos([.. one.Paths.Select(path => new RequestFacts { Path = path })], config)
                        .Select(info => info.Handler),
                    handlers);
            });

    [Property]
    public Property The_limit_of_paths_is_that_of_the_registry_and_a_path_keeps_its_label() =>
        Prop.ForAll(
            Arb.From((
                from limit in Gen.Choose(1, 6)
                from paths in Gen.Choose(0, 9).ListOf()
                select (Limit: limit, Paths: paths)).ListOf()),
            apps =>
            {
                var registry = new Registry();
                var known = new HashSet<string>(StringComparer.Ordinal);
                foreach (var app in apps)
                {
                    var config = Config.Default with { Untemplated = Untemplated.Path(app.Limit) };
                    var recorder = new Recorder(
                        new() { Config = config, Registry = registry, Pipeline = Metrics.None }, _ignore);
                    foreach (var path in app.Paths.Select(number => $"/{number}"))
                    {
                        var isLabel = known.Contains(path) || (known.Count < app.Limit && known.Add(path));
                        Assert.Equal(isLabel ? path : "none", recorder.Untemplated(path).Handler);
                    }
                }
            });

    [Fact]
    public void A_path_that_is_excluded_after_options_changed_is_not_measured()
    {
        var registry = new Registry();
        Assert.Equal("/a", New([]).Untemplated("/a").Handler);
        Assert.False(New(["^/a$"]).Untemplated("/a").IsMeasured);
        Assert.Equal("/a", New([]).Untemplated("/a").Handler);

        Recorder New(ValueList<string> excluded) => new(
            new()
            {
                Config = Config.Default with { Untemplated = Untemplated.Path(1), ExcludedHandlers = excluded },
                Registry = registry,
                Pipeline = Metrics.None,
            },
            _ignore);
    }

    [Fact]
    public void Threads_that_bring_new_paths_together_do_not_pass_the_limit()
    {
        const int ThreadCount = 4;
        var config = Config.Default with { Untemplated = Untemplated.Path(1) };
        Recorder[] recorders =
        [
            .. Enumerable.Range(0, 2_000).Select(_ => new Recorder(
                new() { Config = config, Registry = new(), Pipeline = Metrics.None },
                _ignore)),
        ];
        var handlers = recorders.Select(_ => new string[ThreadCount]).ToArray();

        // All threads use the same recorder at the same moment, each with its own path.
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
    public void The_start_of_a_response_is_measured_only_where_a_function_may_read_it()
    {
        static Instrumentation With(Func<Info, Unit> function) => new() { Registry = new(), Pipeline = function };
        static Func<Info, Unit> Latency(bool toFirstByte) =>
            Metrics.Latency(new() { Registry = new(), ExcludeStreamingDuration = toFirstByte });
        static bool Reads(Instrumentation instrumentation) => new Recorder(instrumentation, _ignore).ReadsResponseStart;

        Assert.False(Reads(With(Metrics.None)));
        Assert.False(Reads(With(Latency(false).Then(Metrics.Requests(new() { Registry = new() })))));
        Assert.True(Reads(With(Latency(true))));
        Assert.True(Reads(With(Latency(false).Then(Latency(true)))));
        Assert.True(Reads(With(Latency(false).When(_ => true))));
        Assert.True(Reads(With(Metrics.From(_ => { }))));
        Assert.True(Reads(With(Metrics.None).AddAsync(_ => ValueTask.CompletedTask)));
    }

    [Fact]
    public void Bodies_are_kept_only_for_matching_handlers()
    {
        var none = new Recorder(new() { Registry = new(), Pipeline = Metrics.None }, _ignore);
        var some = new Recorder(
            new()
            {
                Config = Config.Default with { BodyHandlers = ["^/a"] },
                Registry = new(),
                Pipeline = Metrics.None,
            },
            _ignore);
        Assert.Equal((false, true), (none.ReadsBodies, some.ReadsBodies));
        Assert.Equal(
            (false, true, false),
            (none.Templated("/a").KeepsBody, some.Templated("/a").KeepsBody, some.Templated("/b").KeepsBody));
    }

    public static TheoryData<InProgressOptions?, bool> Gauges => new()
    {
        { null, true },
        { new(), true },
        { new() { Labels = true }, false },
        { new() { Labels = true, RequestLabels = [] }, true },
        { new() { RequestLabels = [RequestLabel.Method] }, false },
    };

    [Theory]
    [MemberData(nameof(Gauges))]
    public void Before_its_path_is_known_a_request_is_in_progress_only_where_the_gauge_has_no_labels(
        InProgressOptions? inProgress, bool isMeasured)
    {
        var config = Config.Default with { Untemplated = Untemplated.Path(1), InProgress = inProgress };
        var recorder = new Recorder(new() { Config = config, Registry = new(), Pipeline = Metrics.None }, _ignore);
        var route = recorder.RouteWhileUnknown("/a");
        Assert.Equal((isMeasured, isMeasured ? "none" : ""), (route.IsMeasured, route.Handler));
        Assert.Equal("/b", recorder.Untemplated("/b").Handler);
    }

    [Fact]
    public void A_path_that_needs_no_label_of_its_own_has_its_route_at_once()
    {
        Recorder With(Untemplated untemplated) =>
            new(
                new()
                {
                    Config = Config.Default with
                    {
                        Untemplated = untemplated,
                        ExcludedHandlers = ["^/admin"],
                        InProgress = new() { Labels = true },
                    },
                    Registry = new(),
                    Pipeline = Metrics.None,
                },
                _ignore);

        Assert.False(With(Untemplated.Ignore).RouteWhileUnknown("/a").IsMeasured);
        Assert.False(With(Untemplated.Group("some")).RouteWhileUnknown("/admin").IsMeasured);
        Assert.Equal("some", With(Untemplated.Group("some")).RouteWhileUnknown("/a").Handler);
    }

    [Fact]
    public void The_gauge_of_requests_in_progress_has_the_labels_of_a_route_or_none()
    {
        Assert.Equal(["handler", "method"], InProgressGauges.Define(new() { Labels = true }).LabelNames);
        Assert.Empty(InProgressGauges.Define(new()).LabelNames);
    }

    /// <summary>The route of a request, as an adapter finds it.</summary>
    internal static Route RouteOf(Recorder recorder, RequestFacts facts) =>
        string.IsNullOrEmpty(facts.Template)
            ? recorder.Untemplated(facts.Path ?? "")
            : recorder.Templated(facts.Template, facts.RouteValues);
}

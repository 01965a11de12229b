namespace Instrumentator.Properties;

/// <summary>In which registry the built-in metrics of an instrumentation record.</summary>
public class BindingProps
{
    private static readonly Action<string, FunctionFailure> _ignore = (_, _) => { };

    /// <summary>An expression, the registry that the options of each of its functions name (null for none), and
    /// requests.</summary>
    private static Gen<(Expression Written, int?[] Named, List<RequestFacts> Requests)> Cases =>
        from written in Generators.Expressions.Generator
        from named in Gen.Elements(null, 0, (int?)1).ArrayOf(Generators.FunctionCount)
        from requests in Generators.Facts.Generator.NonEmptyListOf()
        select (written, named, requests);

    [Property]
    public Property A_metric_records_in_the_registry_of_its_options_or_else_in_that_of_the_instrumentation() =>
        Prop.ForAll(Arb.From(Cases), one =>
        {
            var (left, right) = (new Registries(), new Registries());
            left.Record(one.Requests, one.Written, function => left.Find(one.Named[function]));
            right.Record(
                one.Requests,
                one.Written,
                function => right.Find(one.Named[function]) ?? right.OfInstrumentation);
            Assert.Equal(right.Text, left.Text);
        });

    [Property]
    public Property One_function_in_two_instrumentations_records_in_both() =>
        Prop.ForAll(Arb.From(Cases), one =>
        {
            var pipeline = Build(one.Written, _ => null);
            var (first, second) = (new Registry(), new Registry());
            Record(Instrumentation.Default.WithRegistry(first).Add(pipeline), one.Requests);
            Record(Instrumentation.Default.Add(pipeline).WithRegistry(second), one.Requests);
            Assert.Equal(first.ToText(), second.ToText());
        });

    [Fact]
    public void Functions_combined_with_plus_follow_the_instrumentation_too()
    {
        var registry = new Registry();
        Record(Instrumentation.Default.WithRegistry(registry).Add(Metrics.Requests() + Metrics.CombinedSize()));
        Assert.Equal(["http_requests_total", "http_combined_size_bytes"], Names(registry));
    }

    [Fact]
    public void The_default_metrics_and_those_of_a_preset_follow_the_instrumentation()
    {
        var (registry, moved) = (new Registry(), new Registry());
        Record(Instrumentation.Default.WithRegistry(registry).Add(Metrics.Default()).Add(Metrics.CombinedSize()));
        Record(Presets.PrometheusNet().WithRegistry(moved));
        Assert.Equal(6, Names(registry).Length);
        Assert.Equal(
            ["http_requests_received_total", "http_request_duration_seconds", "http_requests_in_progress"],
            Names(moved));
    }

    [Fact]
    public void Creating_a_metric_function_registers_nothing()
    {
        var registry = new Registry();
        _ = Metrics.Default(new() { Registry = registry }).Then(Metrics.CombinedSize(new() { Registry = registry }));
        Assert.Empty(Names(registry));
    }

    [Fact]
    public void A_function_called_by_hand_records_in_the_default_registry()
    {
        var pipeline = Metrics.Requests(new() { Name = "called_by_hand_total", RequestLabels = [] }).When(_ => true);
        pipeline(default);
        pipeline(default);
        Assert.Equal(new SampleValue.Counter(2), Registry.Default.Scrape().Find("called_by_hand_total"));

        // The function itself has not changed.
        var registry = new Registry();
        Record(Instrumentation.Default.WithRegistry(registry).Add(pipeline));
        Assert.Equal(new SampleValue.Counter(1), registry.Scrape().Find("called_by_hand_total"));
        Assert.Equal(new SampleValue.Counter(2), Registry.Default.Scrape().Find("called_by_hand_total"));
    }

    [Fact]
    public void A_function_called_by_hand_records_in_the_registry_of_its_options()
    {
        var registry = new Registry();
        Metrics.Requests(new() { Registry = registry, RequestLabels = [] })(default);
        Assert.Equal(new SampleValue.Counter(1), registry.Scrape().Find("http_requests_total"));
    }

    [Fact]
    public void A_metric_inside_a_function_of_the_user_stays_in_the_default_registry()
    {
        var registry = new Registry();
        var inner = Metrics.Requests(new() { Name = "hidden_in_a_lambda_total", RequestLabels = [] });
        Record(Instrumentation.Default.WithRegistry(registry).Add(Metrics.From(info => inner(info))));
        Assert.DoesNotContain("hidden_in_a_lambda_total", Names(registry));
        Assert.Equal(new SampleValue.Counter(1), Registry.Default.Scrape().Find("hidden_in_a_lambda_total"));
    }

    [Fact]
    public void A_metric_that_is_added_with_and_without_the_registry_is_recorded_once()
    {
        var registry = new Registry();
        Record(Instrumentation.Default.WithRegistry(registry)
            .Add(Metrics.Requests(new() { RequestLabels = [] }))
            .Add(Metrics.Requests(new() { RequestLabels = [], Registry = registry })));
        Assert.Equal(new SampleValue.Counter(1), registry.Scrape().Find("http_requests_total"));
    }

    [Fact]
    public void Two_definitions_of_one_name_fail_at_start_and_are_both_named()
    {
        var registry = new Registry();
        var clashing = Instrumentation.Default.WithRegistry(registry)
            .Add(Metrics.Latency(new() { Help = "First." }))
            .Add(Metrics.Latency(new() { Help = "Second.", Registry = registry }));
        var error = Assert.Throws<InvalidOperationException>(() => new Recorder(clashing, _ignore));
        Assert.Contains("Histogram http_request_duration_seconds \"First.\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("Histogram http_request_duration_seconds \"Second.\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_definitions_of_one_name_in_two_registries_are_no_clash()
    {
        var (registry, other) = (new Registry(), new Registry());
        Record(Instrumentation.Default.WithRegistry(registry)
            .Add(Metrics.Requests(new() { Help = "First.", RequestLabels = [] }))
            .Add(Metrics.Requests(new() { Help = "Second.", RequestLabels = [], Registry = other })));
        Assert.Equal(new SampleValue.Counter(1), registry.Scrape().Find("http_requests_total"));
        Assert.Equal(new SampleValue.Counter(1), other.Scrape().Find("http_requests_total"));
    }

    [Fact]
    public void Names_in_UTF_8_are_valid_where_the_registry_of_the_instrumentation_allows_them()
    {
        var instrumentation = Instrumentation.Default.WithRegistry(new Registry { AllowUtf8Names = true })
            .Add(Metrics.Requests(new() { Name = "http.requests_total" }).When(_ => true));
        Assert.Empty(instrumentation.Validate());
        Record(instrumentation);
        Assert.Equal(["http.requests_total"], Names(instrumentation.Registry));

        var elsewhere = instrumentation.WithRegistry(new Registry());
        var error = Assert.Throws<InvalidConfigException>(() => new Recorder(elsewhere, _ignore));
        Assert.Equal(elsewhere.Validate(), error.Errors);
        Assert.Contains("\"http.requests\"", Assert.Single(error.Errors), StringComparison.Ordinal);
        Assert.Empty(Names(elsewhere.Registry));
    }

    [Fact]
    public void Names_that_no_registry_allows_are_an_error_at_once() =>
        Assert.Throws<InvalidConfigException>(() => Metrics.Latency(new() { Name = "" }));

    private static string[] Names(Registry registry) =>
        [.. registry.Scrape().Families.Select(family => family.Definition.Name)];

    private static void Record(Instrumentation instrumentation) =>
        Record(instrumentation, [new RequestFacts { Template = "/", TicksPerSecond = 1 }]);

    private static void Record(Instrumentation instrumentation, IEnumerable<RequestFacts> requests)
    {
        var recorder = new Recorder(instrumentation, _ignore);
        foreach (var facts in requests)
            recorder.Record(RecorderProps.RouteOf(recorder, facts), facts);
    }

    /// <summary>Builds a pipeline whose six functions are six metrics with the given registries in their
    /// options.</summary>
    private static Func<Info, Unit> Build(Expression written, Func<int, Registry?> named) => written.Build(
        function => Metrics.RequestSize(new() { Name = $"function_{function}", Registry = named(function) }),
        condition => info => Expression.Holds(condition, info));

    /// <summary>The registry of an instrumentation, and two that options can name.</summary>
    private sealed class Registries
    {
        private readonly Registry[] _others = [new(), new()];

        public Registry OfInstrumentation { get; } = new();

        public string Text =>
            string.Join('\n', _others.Prepend(OfInstrumentation).Select(registry => registry.ToText()));

        public Registry? Find(int? named) => named is { } index ? _others[index] : null;

        public void Record(IEnumerable<RequestFacts> requests, Expression written, Func<int, Registry?> named) =>
            BindingProps.Record(
                Instrumentation.Default.WithRegistry(OfInstrumentation).Add(Build(written, named)), requests);
    }
}
